import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a mock-up shows, and the state in which the tests draw that page. */
const DRAWN_AS = {
  'sign-in': 'sign-in-refused',
  'set-up-scan': 'set-up-scan',
  'set-up-save-codes': 'set-up-codes',
  'enter-code': 'enter-code',
  locked: 'locked',
  security: 'security',
  people: 'people',
  person: 'person',
  policy: 'policy',
  audit: 'audit',
  readiness: 'readiness',
  components: 'components',
};

const [mockUps, pages] = process.argv.slice(2);
if (mockUps === undefined || pages === undefined)
  throw new Error('say two folders: of pictures of mock-ups, and of pages as SPAREKEY_SHOTS had them drawn');

const picture = (folder: string, name: string) => {
  const path = resolve(folder, `${name}.png`);
  return existsSync(path)
    ? `<img src="${pathToFileURL(path).href}" alt="${name}">`
    : `<p>${name} was not drawn</p>`;
};
const rows = Object.entries(DRAWN_AS).flatMap(([mockUp, page]) =>
  ['320-light', '320-dark', '1280-light', '1280-dark'].map(
    (look) =>
      `<tr><th>${mockUp}<br>${look}<td>${picture(mockUps, `${mockUp}-${look}`)}<td>${picture(pages, `${page}-${look}`)}`,
  ),
);
const report = resolve(pages, 'beside-mock-ups.html');
writeFileSync(
  report,
  `<!doctype html><meta charset="utf-8"><title>Pages beside their mock-ups</title>
<style>td{vertical-align:top;width:48vw}img{max-width:100%;border:1px solid #999}</style>
<table><tr><th><th>Mock-up<th>Page${rows.join('\n')}</table>\n`,
);
process.stdout.write(`${report}\n`);
