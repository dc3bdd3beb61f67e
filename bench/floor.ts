/**
 * The floor: the least that a durable TOTP answer can be. Bare node:http, the same JSON, one HMAC (the current step
 * first), one Ed25519 signature, one group-committed SQLite log with synchronous=FULL. No rules, no counters, no log
 * lines, no sealed handles. Speaks over stdin/stdout: reads one line of JSON (challenges), prints its port.
 */
import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  timingSafeEqual,
} from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

const [, , file, groupCommit = 'group'] = process.argv;
const database = new DatabaseSync(file!);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
database.exec(
  'CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (stream, revision))',
);
const insert = database.prepare('INSERT INTO event (stream, revision, data) VALUES (?, ?, ?)');
const { privateKey } = generateKeyPairSync('ed25519');
const header = Buffer.from(
  JSON.stringify({ alg: 'EdDSA', typ: 'sparekey-result+jwt', kid: 'floor' }),
).toString('base64url');

interface Known {
  readonly user: string;
  readonly key: ReturnType<typeof createSecretKey>;
  lastStep: number;
}
const challenges = new Map<string, Known>();

interface Waiting {
  readonly stream: string;
  readonly data: string;
  readonly done: () => void;
}
let waiting: Waiting[] = [];

function append(stream: string, data: string, done: () => void): void {
  if (waiting.length === 0) setImmediate(commit);
  waiting.push({ stream, data, done });
}

function commit(): void {
  const batch = waiting;
  waiting = [];
  const parts = groupCommit === 'group' ? [batch] : batch.map((one) => [one]);
  for (const part of parts) {
    database.exec('BEGIN IMMEDIATE');
    for (const { stream, data } of part) insert.run(stream, 0, data);
    database.exec('COMMIT');
  }
  for (const { done } of batch) done();
}

function codeAt(key: Known['key'], step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function answer(id: string, code: string): { result: (done: (token: string) => void) => void } | undefined {
  const known = challenges.get(id);
  const now = Date.now();
  const current = Math.floor(now / 30_000);
  if (!known) return undefined;
  for (const step of [current, current - 1, current + 1]) {
    if (step <= known.lastStep || !timingSafeEqual(Buffer.from(codeAt(known.key, step)), Buffer.from(code)))
      continue;
    known.lastStep = step;
    const claims = {
      iss: 'floor',
      aud: 'payroll',
      sub: known.user,
      jti: randomUUID(),
      iat: now,
      exp: now + 300,
      purpose: 'sign-in',
      challengeRef: id,
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'urn:sparekey:acr:2',
    };
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return {
      result: (done) =>
        append(known.user, JSON.stringify({ challengeRef: id, method: 'totp', step }), () =>
          done(`${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`),
        ),
    };
  }
  return undefined;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
    const passed = answer(request.url!.split('/')[3]!, code);
    const send = (status: number, body: object) => {
      const text = JSON.stringify(body);
      response
        .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
        .end(text);
    };
    if (!passed) return send(403, { code: 'code-rejected' });
    passed.result((result) => send(200, { state: 'passed', result }));
  });
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const list = JSON.parse(line) as { id: string; user: string; secret: string }[];
  for (const { id, user, secret } of list) {
    challenges.set(id, { user, key: createSecretKey(Buffer.from(secret, 'hex')), lastStep: 0 });
  }
  if (server.listening) return;
  server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
});
process.on('SIGTERM', () => process.exit(0));
