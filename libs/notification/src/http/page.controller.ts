import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import { HostedPage, pageScript, PageScript, PageStyle } from '@sparekey/platform';
import { CSS, renderPage } from '../page/html.ts';
import { languageOf } from '../texts/index.ts';

/** Where the link in a notice leads. It is inert: opened, by a person or by a mail scanner, it does nothing. */
@ApiExcludeController()
@Controller('notice')
export class PageController {
  readonly #script = pageScript('../page/notice-page', import.meta.url);

  @Get()
  @AllowAnyone()
  @HostedPage()
  getPage(@Headers('accept-language') accepted = ''): string {
    return renderPage(languageOf(accepted.split(/[,;]/)[0]));
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
