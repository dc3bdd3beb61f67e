import { randomInt } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Configuration } from '@sparekey/platform';
import type { SecretFiles } from './secrets.ts';

/** What a newcomer tries Sparekey with: one domain, an administrator, two people. */
const DOMAIN = { id: 'demo', displayName: 'Demo' };
const PEOPLE = [
  { user: 'admin', displayName: 'Admin', roles: ['administrator'] },
  { user: 'ada', displayName: 'Ada', roles: [] },
  { user: 'bob', displayName: 'Bob', roles: [] },
];
/** No letters that are taken for one another. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const FILE = 'demo-accounts';
const UNFINISHED = `${FILE}-unfinished`;

export interface DemoAccount {
  readonly login: string;
  readonly password: string;
}

export interface Demo {
  readonly accounts: readonly DemoAccount[];
  /** Where they are kept, readable by the owner only. */
  readonly path: string;
}

const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
const newPassword = () => [group(), group(), group(), group()].join('-');
const newAccounts = () => `${PEOPLE.map(({ user }) => `${user}\t${newPassword()}`).join('\n')}\n`;

const readAccounts = (text: string): DemoAccount[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [login = '', password = ''] = line.split('\t');
      return { login, password };
    });

/**
 * Makes the demo on the first start, over the HTTP API like anybody else, and goes on where an earlier start was
 * interrupted. A domain of that name that was not made here is left alone.
 *
 * @returns nothing where there is no demo to show
 */
export async function prepareDemo(
  directory: SecretFiles,
  address: string,
  operatorToken: string,
): Promise<Demo | undefined> {
  const finished = `${directory.path}/${FILE}`;
  const show = () => {
    const { path, text } = directory.secretFile(FILE, newAccounts);
    return { accounts: readAccounts(text), path };
  };
  if (existsSync(finished)) return show();
  const ask: Ask = (method, path, body, headers) =>
    call(`${address}/v1/domains/${DOMAIN.id}${path}`, method, operatorToken, body, headers);
  if (!existsSync(`${directory.path}/${UNFINISHED}`) && (await ask('GET', '')).ok) return undefined;

  const { path, text } = directory.secretFile(UNFINISHED, newAccounts);
  await expectOk(ask('PUT', '', { displayName: DOMAIN.displayName }));
  await permitPasskeys(ask);
  for (const { user, displayName, roles } of PEOPLE) {
    await expectOk(ask('PUT', `/users/${user}`, { emails: [`${user}@demo.example`], displayName, roles }));
  }
  for (const { login, password } of readAccounts(text)) {
    await expectOk(ask('PUT', `/users/${login}/account`, { login, password }));
  }
  renameSync(path, finished);
  return show();
}

type Ask = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Response>;

/** What is off by default and a newcomer should try. */
async function permitPasskeys(ask: Ask): Promise<void> {
  const standing = await ask('GET', '/policy');
  const policy = (await standing.json()) as { factors: { webauthn: object } };
  const { factors } = policy;
  const permitted = {
    ...policy,
    factors: { ...factors, webauthn: { ...factors.webauthn, passkeySignIn: true } },
  };
  await expectOk(ask('PUT', '/policy', permitted, { 'if-match': standing.headers.get('etag') ?? '' }));
}

function call(
  url: string,
  method: string,
  token: string,
  body?: object,
  more: Record<string, string> = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
  return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

async function expectOk(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (!response.ok)
    throw new Error(`the demo could not be made: ${response.status} ${await response.text()}`);
}

/** What a newcomer reads on a terminal: one screen. @param notes what else they should know, a line each */
export function greeting(
  publicUrl: string,
  demo: Demo | undefined,
  operatorToken: string,
  notes: readonly string[],
): string {
  const bold = (text: string) => styleText('bold', text);
  const dim = (text: string) => styleText('dim', text);
  return [
    '',
    `  ${styleText('green', '●')} Sparekey runs at ${bold(publicUrl)}`,
    '',
    ...(demo ? accountsOf(publicUrl, demo) : WITHOUT_ACCOUNTS),
    '',
    `  Operator token ${bold(operatorToken)}`,
    `  Every mail that would have gone out: ${bold(`${publicUrl}/dev/inbox`)}`,
    `  The two tours in README.md type the rest; try the API at ${bold(`${publicUrl}/docs`)}`,
    '',
    ...notes.map((note) => dim(`  ${note}`)),
    dim('  Ctrl+C stops it; everything is kept in the data directory.'),
    '',
    '',
  ].join('\n');
}

function accountsOf(publicUrl: string, { accounts }: Demo): string[] {
  const bold = (text: string) => styleText('bold', text);
  return [
    `  Accounts of the domain ${bold(DOMAIN.id)}, made for you to try things out:`,
    ...accounts.map(({ login, password }) => `    ${login.padEnd(8)} ${bold(password)}`),
    styleText('dim', '    admin is its administrator as soon as two-step verification is set up'),
    '',
    `  Sign in as Ada, who is then asked to set up two-step verification: ${bold(`${publicUrl}/sign-in/${DOMAIN.id}`)}`,
  ];
}

/** A restored log has the accounts, and their passwords stand in a file of their own. */
const WITHOUT_ACCOUNTS = [
  `  The domain ${DOMAIN.id} is there already, and the passwords of its accounts are not: restore the file ${FILE},`,
  `  or set new ones as the operator (PUT /v1/domains/${DOMAIN.id}/users/ada/account).`,
];

/**
 * In the demo: makes it where it is not made yet, and shows its accounts: on a terminal, else by the file's path.
 *
 * @param notes what else a newcomer should know
 */
export async function showDemo(
  { demo, operatorToken, publicUrl }: Pick<Configuration, 'demo' | 'operatorToken' | 'publicUrl'>,
  address: string,
  directory: SecretFiles,
  notes: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  if (!demo || operatorToken === undefined) return;
  const made = await prepareDemo(directory, address, operatorToken);
  if (process.stdout.isTTY) process.stdout.write(greeting(publicUrl, made, operatorToken, notes));
  else say(made ? `the accounts of the domain demo are in ${made.path}` : WITHOUT_ACCOUNTS.join(' ').trim());
}

/**
 * On a terminal the greeting stands alone and the log goes to a file, unless `LOG_LEVEL` says that it is wanted; elsewhere the
 * log is standard output.
 */
export const logFileOf = (
  { demo }: Pick<Configuration, 'demo'>,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  demo && process.stdout.isTTY && !environment.LOG_LEVEL ? `${directory}/sparekey.log` : undefined;
