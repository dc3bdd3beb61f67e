import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import { CSS, renderPage } from '../page/html.ts';
import { languageOf } from '../texts/index.ts';

/** Nothing but what Sparekey itself serves; no frame around it; the handle goes nowhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function script(): string {
  const file = new URL(`../page/notice-page${extname(import.meta.url)}`, import.meta.url);
  const text = readFileSync(file, 'utf8');
  return extname(import.meta.url) === '.ts' ? stripTypeScriptTypes(text) : text; // built, or as it was written
}

/** Where the link in a notice leads. It is inert: opened, by a person or by a mail scanner, it does nothing. */
@ApiExcludeController()
@Controller('notice')
export class PageController {
  readonly #script = script();

  @Get()
  @AllowAnyone()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('referrer-policy', 'no-referrer')
  @Header('cross-origin-opener-policy', 'same-origin')
  getPage(@Headers('accept-language') accepted = ''): string {
    return renderPage(languageOf(accepted.split(/[,;]/)[0]));
  }

  @Get('page.js')
  @AllowAnyone()
  @Header('content-type', 'text/javascript; charset=utf-8')
  getScript(): string {
    return this.#script;
  }

  @Get('page.css')
  @AllowAnyone()
  @Header('content-type', 'text/css; charset=utf-8')
  getStyle(): string {
    return CSS;
  }
}
