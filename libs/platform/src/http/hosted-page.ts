import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { applyDecorators, Header } from '@nestjs/common';

/** Nothing but what Sparekey itself serves; no frame around it; what stands in the address goes nowhere. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page that a person meets: its script and style are files of their own beside it. */
export const HostedPage = (): MethodDecorator =>
  applyDecorators(
    Header('content-type', 'text/html; charset=utf-8'),
    Header('content-security-policy', PAGE_POLICY),
    Header('referrer-policy', 'no-referrer'),
    Header('cross-origin-opener-policy', 'same-origin'),
  );

export const PageScript = () => Header('content-type', 'text/javascript; charset=utf-8');
export const PageStyle = () => Header('content-type', 'text/css; charset=utf-8');

/** The script of a page: built, or as it was written. @param file without its ending @param from who serves it */
export function pageScript(file: string, from: string): string {
  const text = readFileSync(new URL(`${file}${extname(from)}`, from), 'utf8');
  return extname(from) === '.ts' ? stripTypeScriptTypes(text) : text;
}
