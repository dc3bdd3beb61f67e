import { SESSION_TYPE } from '@sparekey/contracts';
import { NOON } from '@sparekey/event-sourcing/testing';
import { generateKeyPair, SignJWT } from 'jose';
import { operatorDigest } from './caller-resolver.ts';
import { OPERATOR_SECONDS, OperatorSessions } from './operator-session.ts';

const URL = 'https://sparekey.example';
const { privateKey, publicKey } = await generateKeyPair('EdDSA');
const sign = (typ: string, claims: object) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ }).sign(privateKey);

const sessions = ({ now = NOON, url = URL, token = 'of the operator' } = {}) =>
  new OperatorSessions(
    { signer: { sign, publicKey }, clock: { now: () => now } } as unknown as ConstructorParameters<
      typeof OperatorSessions
    >[0],
    url,
    operatorDigest({ operatorToken: token, operatorTokenDigest: undefined }),
  );

test('a session of the operator lives for an hour', async () => {
  const begun = await sessions().begin();
  expect(await sessions().lives(begun)).toBe(true);
  const end = NOON + OPERATOR_SECONDS * 1_000;
  expect(await sessions({ now: end - 1_000 }).lives(begun)).toBe(true);
  expect(await sessions({ now: end }).lives(begun)).toBe(false);
});

test('it dies with the token it was made with, and is none of another installation', async () => {
  const begun = await sessions().begin();
  expect(await sessions({ token: 'another' }).lives(begun)).toBe(false);
  const none = new OperatorSessions(
    { signer: { sign, publicKey }, clock: { now: () => NOON } } as never,
    URL,
    undefined,
  );
  expect(await none.lives(begun)).toBe(false);
  expect(await sessions({ url: 'https://other.example' }).lives(begun)).toBe(false);
});

test('nothing else that is signed here passes for one', async () => {
  const begun = await sessions().begin();
  const claims = JSON.parse(Buffer.from(begun.split('.')[1]!, 'base64url').toString()) as object;
  expect(await sessions().lives(await sign(SESSION_TYPE, claims))).toBe(false);
  expect(await sessions().lives(begun.slice(0, -4))).toBe(false);
  expect(await sessions().lives('')).toBe(false);
});
