import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import { HostedPage, pageScript, PageScript, PageStyle } from '@sparekey/platform';
import { CSS, HTML } from '../page/html.ts';

/** Where a person answers a hosted challenge; its id is in the fragment, which no browser sends. */
@ApiExcludeController()
@Controller('challenge')
export class PageController {
  readonly #script = pageScript('../page/challenge-page', import.meta.url);

  @Get()
  @AllowAnyone()
  @HostedPage()
  getPage(): string {
    return HTML;
  }

  @Get('page.js')
  @AllowAnyone()
  @PageScript()
  getScript(): string {
    return this.#script;
  }

  @Get('page.css')
  @AllowAnyone()
  @PageStyle()
  getStyle(): string {
    return CSS;
  }
}
