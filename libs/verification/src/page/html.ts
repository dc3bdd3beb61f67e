/** The hosted page: it names nobody and holds nothing until its script has asked. */
export const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Enter your code</title>
    <link rel="stylesheet" href="/challenge/page.css" />
    <script type="module" src="/challenge/page.js"></script>
  </head>
  <body>
    <main>
      <h1>Enter your code</h1>
      <p id="who">One moment…</p>
      <form id="answer" hidden novalidate>
        <label for="code">Code</label>
        <input id="code" name="code" required aria-required="true" maxlength="256" aria-describedby="hint error" autocapitalize="off" spellcheck="false" />
        <p id="error" role="alert"></p>
        <p id="hint"></p>
        <button type="submit">Go on</button>
        <p id="other">
          <label for="method">Try another way</label>
          <select id="method"></select>
        </p>
      </form>
      <p id="message" role="status" aria-live="polite"></p>
      <p id="back" hidden><a id="return" href="">Go back</a></p>
      <button id="cancel" type="button" hidden>I did not start this</button>
      <noscript><p>This page needs JavaScript.</p></noscript>
    </main>
  </body>
</html>
`;

export const CSS = `:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --paper: light-dark(#fff, #16191d); --edge: light-dark(#767d86, #8b929b); --wrong: light-dark(#b3261e, #ffb4ab); --act: light-dark(#0b57a4, #7db7f5); --on-act: light-dark(#fff, #0d1117); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input, select, button { font: inherit; width: 100%; padding: .7rem .8rem; border: 1px solid var(--edge); border-radius: .4rem; background: var(--paper); color: var(--ink); }
#code { font: 1.25rem/1.4 ui-monospace, monospace; letter-spacing: .1em; }
button { cursor: pointer; margin-top: .75rem; }
button[type=submit] { background: var(--act); border-color: var(--act); color: var(--on-act); font-weight: 600; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
#hint { margin: .25rem 0 0; font-size: .9rem; }
#error { margin: .25rem 0 0; font-weight: 600; color: var(--wrong); }
#error:empty { display: none; }
#code[aria-invalid=true] { border: 2px solid var(--wrong); }
a { color: var(--act); }
#message { min-height: 1.5rem; font-weight: 600; }
[hidden] { display: none; }
`;
