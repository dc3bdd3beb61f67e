import {
  ACR,
  accessTokensStream,
  accountStream,
  codec,
  domainStream,
  factorsStream,
  IDENTITY_SERVICE,
  tokensStream,
  type Fact,
  type SessionClaims,
} from '@sparekey/contracts';
import { MemoryEventStore, NOON } from '@sparekey/event-sourcing/testing';
import { DomainReader, type Ports } from '@sparekey/platform';
import { makeBearerToken } from '@sparekey/vault';
import { CallerResolver, operatorDigest } from './caller-resolver.ts';
import type { ProviderTokens } from './provider-tokens.ts';
import type { SessionTokens } from './session-tokens.ts';

/*
 * Who presents a token, and what makes it nobody's: each row is one fact more than in the story in which it is good.
 */
const ID = '0192d1f0-0000-7000-8000-0000000000aa';
const SID = '0192d1f0-0000-7000-8000-0000000000bb';
const SEALED = '1.AAAA';
const HOUR = 3_600_000;
const apiToken = makeBearerToken('api-token', ['acme', ID]);
const accessToken = makeBearerToken('access-token', ['acme', 'ada', ID]);

const registered = (service: string): Fact => ({
  type: 'ServiceRegistered',
  data: { service, displayName: service, returnUrls: [], onBehalf: true },
});
const withdrawn: Fact = { type: 'ServiceRemoved', data: { service: IDENTITY_SERVICE } };

const domain: Fact[] = [
  { type: 'DomainCreated', data: { displayName: 'Acme' } },
  ...[IDENTITY_SERVICE, 'shop'].map(registered),
  { type: 'RolesChanged', data: { user: 'ada', roles: ['help-desk'] } },
];
const ada: Fact[] = [{ type: 'UserRegistered', data: { contacts: SEALED } }];
const account: Fact[] = [
  { type: 'PasswordSet', data: { digest: SEALED } },
  {
    type: 'SessionStarted',
    data: {
      sessionId: SID,
      scope: 'full',
      signInId: 's-1',
      amr: ['pwd', 'otp', 'mfa'],
      acr: ACR.second,
      expiresAt: NOON + HOUR,
    },
  },
];
const issued = (more: object = {}): Fact[] => [
  {
    type: 'ApiTokenIssued',
    data: { tokenId: ID, name: SEALED, role: 'service', service: 'shop', digest: apiToken.digest, ...more },
  },
];
const personal = (more: object = {}): Fact[] => [
  {
    type: 'AccessTokenIssued',
    data: {
      tokenId: ID,
      name: SEALED,
      scopes: ['security:read'],
      epoch: 0,
      passwords: 1,
      twoStep: false,
      expiresAt: NOON + HOUR,
      digest: accessToken.digest,
      ...more,
    },
  },
];
const claims = {
  sub: 'ada',
  sid: SID,
  scope: 'full',
  epoch: 0,
  amr: ['pwd', 'otp', 'mfa'],
  acr: ACR.second,
  first_at: NOON / 1_000,
  second_at: NOON / 1_000,
} as unknown as SessionClaims;

interface Story {
  readonly domain?: readonly Fact[];
  readonly ada?: readonly Fact[];
  readonly account?: readonly Fact[];
  readonly tokens?: readonly Fact[];
  readonly personal?: readonly Fact[];
  readonly claims?: object;
  readonly now?: number;
}

async function resolver(story: Story): Promise<CallerResolver> {
  const store = new MemoryEventStore();
  let n = 0;
  const write = async (stream: string, facts: readonly Fact[]) => {
    const events = facts.map((fact) => ({
      ...codec.encode(fact),
      id: `0192d1f0-0000-7000-8000-${String(n).padStart(12, '0')}`,
      time: NOON + n++,
      domain: 'acme',
      actor: { kind: 'system' as const, id: 'test' },
      correlationId: 'test',
      causationId: 'test',
    }));
    const before = (await store.read(stream)).length;
    if (events.length > 0) await store.append(stream, before === 0 ? 'no-stream' : before - 1, events);
  };
  await write(domainStream('acme'), domain);
  await write(factorsStream('acme', 'ada'), [...ada, ...(story.ada ?? [])]);
  await write(accountStream('acme', 'ada'), [...account, ...(story.account ?? [])]);
  await write(tokensStream('acme'), story.tokens ?? []);
  await write(accessTokensStream('acme', 'ada'), story.personal ?? []);
  await write(domainStream('acme'), story.domain ?? []); // after all that
  const ports = { store, clock: { now: () => story.now ?? NOON + 1_000 } } as unknown as Ports;
  const sessions = {
    read: async (token: string) =>
      token === 'a session' ? { domain: 'acme', claims: { ...claims, ...story.claims } } : undefined,
  } as unknown as SessionTokens;
  const providers = { read: async () => undefined } as unknown as ProviderTokens;
  const operator = operatorDigest({ operatorToken: 'of the operator', operatorTokenDigest: undefined });
  return new CallerResolver(ports, new DomainReader(store), sessions, providers, operator);
}
const who = async (token: string, story: Story = {}) => (await resolver(story)).resolve(token, 'acme');

test('the operator is who holds the token, and nobody is where none is set', async () => {
  expect(await who('of the operator')).toMatchObject({ role: 'operator' });
  expect(await who('of somebody else')).toBeUndefined();
  expect(operatorDigest({ operatorToken: undefined, operatorTokenDigest: undefined })).toBeUndefined();
});

describe('the token of a service', () => {
  test('says which service it is', async () => {
    const service = { role: 'service', domain: 'acme', service: 'shop', onBehalf: true };
    expect(await who(apiToken.token, { tokens: issued() })).toMatchObject(service);
  });

  const removed: Fact = { type: 'ServiceRemoved', data: { service: 'shop' } };
  test.each<[string, Story]>([
    ['was never issued', {}],
    ['is revoked', { tokens: [...issued(), { type: 'ApiTokenRevoked', data: { tokenId: ID } }] }],
    ['is over', { tokens: issued({ expiresAt: NOON }) }],
    ['has another secret', { tokens: issued({ digest: accessToken.digest }) }],
    ['is of before secrets had digests', { tokens: issued({ digest: undefined }) }],
    ['is of a service that is gone', { tokens: issued(), domain: [removed] }],
    ['is of an earlier registration', { tokens: issued(), domain: [removed, registered('shop')] }],
    ['is of a service that never was', { tokens: issued({ service: 'other' }) }],
  ])('is nobody’s where it %s', async (_, story) => {
    expect(await who(apiToken.token, story)).toBeUndefined();
  });
});

describe('a personal access token', () => {
  test('is its owner’s, for what it is for, and gives no role effect', async () => {
    expect(await who(accessToken.token, { personal: personal() })).toMatchObject({
      role: 'person',
      person: { user: 'ada', roles: [], accessScopes: ['security:read'], secondStep: false },
    });
  });

  test.each<[string, Story]>([
    ['is revoked', { personal: [...personal(), { type: 'AccessTokenRevoked', data: { tokenId: ID } }] }],
    ['is over', { personal: personal({ expiresAt: NOON }) }],
    ['is of another epoch', { personal: personal({ epoch: 1 }) }],
    [
      'is of before the password was changed',
      {
        personal: personal(),
        account: [{ type: 'PasswordSet', data: { digest: SEALED } }],
      },
    ],
    [
      'rests on a password alone, and two-step verification is on',
      {
        personal: personal(),
        ada: [{ type: 'TwoStepEnabled', data: {} }],
      },
    ],
  ])('is nobody’s where it %s', async (_, story) => {
    expect(await who(accessToken.token, story)).toBeUndefined();
  });
});

describe('a session', () => {
  test('is its owner’s, with their roles', async () => {
    expect(await who('a session')).toMatchObject({
      role: 'person',
      person: { user: 'ada', roles: ['help-desk'], secondStep: true, scope: 'full' },
    });
  });

  const ended: Fact = { type: 'SessionEnded', data: { sessionId: SID, reason: 'signed-out' } };
  const single = { acr: ACR.none, amr: ['pwd'] };
  test.each<[string, Story]>([
    ['is ended', { account: [ended] }],
    ['is over', { now: NOON + HOUR + 1 }],
    ['is of before a new password', { account: [{ type: 'PasswordSet', data: { digest: SEALED } }] }],
    ['is of an earlier epoch', { ada: [{ type: 'TwoStepDisabled', data: { epoch: 1 } }] }],
    ['shows what is none of ours', { claims: { acr: 'urn:other' } }],
    [
      'showed a password, and two-step verification is on',
      {
        claims: single,
        ada: [{ type: 'TwoStepEnabled', data: {} }],
      },
    ],
    ['is of a sign-in service that is registered no more', { domain: [withdrawn] }],
    [
      'is of a sign-in service that was registered anew',
      { domain: [withdrawn, registered(IDENTITY_SERVICE)] },
    ],
  ])('is nobody’s where it %s', async (_, story) => {
    expect(await who('a session', story)).toBeUndefined();
  });

  test('in which two-step verification went on stays', async () => {
    const story = { claims: single, ada: [{ type: 'TwoStepEnabled', data: { sessionId: SID } }] } as const;
    expect(await who('a session', story)).toMatchObject({ person: { user: 'ada', secondStep: false } });
  });
});
