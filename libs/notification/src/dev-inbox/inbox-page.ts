import { escapeHtml } from '../escape-html.ts';

interface Shown {
  readonly channel: string;
  readonly at: string;
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
}

/** Addresses in a text can be opened from here. */
const linked = (text: string) =>
  escapeHtml(text).replaceAll(/https?:\/\/[^\s<>"]+/g, (address) => `<a href="${address}">${address}</a>`);

const article = ({ channel, at, to, subject, text }: Shown) => `<article>
<h2>${escapeHtml(subject ?? 'Text message')}</h2>
<p class="to">${channel === 'email' ? 'Mail' : 'Text message'} to ${escapeHtml(to)}, <time datetime="${at}">${at}</time></p>
<pre>${linked(text)}</pre>
</article>`;

export const renderInbox = (messages: readonly Shown[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Development inbox</title>
<link rel="stylesheet" href="/notice/page.css">
</head>
<body class="inbox">
<main>
<h1>Development inbox</h1>
<p>What would have gone out, newest first. It is kept in memory and gone when Sparekey stops.</p>
${messages.map(article).join('\n') || '<p>Nothing yet.</p>'}
</main>
</body>
</html>
`;
