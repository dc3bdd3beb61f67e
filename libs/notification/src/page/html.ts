import { escapeHtml } from '../escape-html.ts';
import { CATALOGUES } from '../texts/index.ts';

/** The page behind the link in a notice: it names nobody, and sends nothing before the button is pressed. */
export function renderPage(language: string): string {
  const { title, question, button, done, gone, refused, failed, noScript } = CATALOGUES[language]!.page;
  const attributes = Object.entries({ done, gone, refused, failed })
    .map(([name, text]) => `data-${name}="${escapeHtml(text)}"`)
    .join(' ');
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeHtml(title)}</title>
    <link rel="stylesheet" href="/notice/page.css" />
    <script type="module" src="/notice/page.js"></script>
  </head>
  <body>
    <main>
      <h1>${escapeHtml(title)}</h1>
      <p id="question">${escapeHtml(question)}</p>
      <button id="repudiate" type="button">${escapeHtml(button)}</button>
      <p id="message" role="status" aria-live="polite" ${attributes}></p>
      <noscript><p>${escapeHtml(noScript)}</p></noscript>
    </main>
  </body>
</html>
`;
}

export const CSS = `:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --paper: light-dark(#fff, #16191d); --edge: light-dark(#767d86, #8b929b); --act: light-dark(#0b57a4, #7db7f5); --on-act: light-dark(#fff, #0d1117); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
button { font: inherit; font-weight: 600; width: 100%; padding: .7rem .8rem; border: 1px solid var(--act); border-radius: .4rem; background: var(--act); color: var(--on-act); cursor: pointer; margin-top: .75rem; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
#message { min-height: 1.5rem; font-weight: 600; }
[hidden] { display: none; }
.inbox { display: block; }
.inbox main { max-width: 48rem; margin: 0 auto; }
article { border: 1px solid var(--edge); border-radius: .4rem; padding: 1rem; margin: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
.to { font-size: .9rem; margin: .25rem 0; }
pre { font: inherit; white-space: pre-wrap; margin: .5rem 0 0; }
a { color: var(--act); }
`;
