// Takes every mail (SMTP on 1025) and gives it to nobody but who asks on 8025: at the few addresses of Mailpit's API that
// tests ask, and as plain text at /. It forgets them when it ends.
import { createServer } from 'node:http';
import { connect, createServer as createTunnel } from 'node:net';
import { MailServer } from '@sparekey/testing';

const mail = new MailServer(); // listens on loopback
await mail.start();
const { port } = new URL(mail.url);
createTunnel((outside) => {
  const inside = connect(Number(port), '127.0.0.1');
  for (const [one, other] of [
    [outside, inside],
    [inside, outside],
  ])
    one.on('error', () => other.destroy()).pipe(other); // a client that goes away in the middle is no trouble
}).listen(1025);

const answer = (path) => {
  const all = mail.taken;
  if (path === '/')
    return all.map(({ to, text }) => `To: ${to}\n\n${text}\n\n---\n\n`).join('') || 'no mail yet\n';
  if (path === '/readyz') return 'ok';
  if (path === '/api/v1/messages')
    return {
      total: all.length,
      messages: all.map(({ to }, index) => ({ ID: String(index), To: [{ Address: to }] })),
    };
  const found = all[/^\/api\/v1\/message\/(\d+)$/.exec(path)?.[1]];
  return found && { To: [{ Address: found.to }], Text: found.text };
};

const web = createServer(({ url }, response) => {
  const body = answer(url.split('?', 1)[0]);
  const isText = typeof body === 'string';
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
  });
  response.end(isText ? body : JSON.stringify(body ?? { Error: 'not found' }));
}).listen(8025);
console.log('the mail catcher takes mail on 1025 and shows it on 8025');

process.once('SIGTERM', () => {
  web.closeAllConnections();
  process.exit(0);
});
