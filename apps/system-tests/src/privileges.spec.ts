import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeApi } from '@sparekey/server';
import {
  PASSWORD,
  Tenant,
  totpCode,
  World,
  type Api,
  type ApiAnswer,
  type InProcess,
} from '@sparekey/testing';
import { decodeJwt, exportJWK, SignJWT } from 'jose';

/*
 * Every call that there is, from the OpenAPI document, by everybody there is, about themselves, another user, a person
 * with more roles, and the same in another domain.
 */

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;
let provider: Server;
const keys = generateKeyPairSync('ed25519');
const secrets = new Map<string, string>();

/** Who calls: what they present now, and as whom. */
interface Who {
  readonly user?: string;
  readonly token: () => Promise<string | undefined>;
}

const now = () => world.clock.now();
const issued = new Map<string, string>();
const tokens = new Map<string, string>();

const machine = (role: string, service?: string): Who => ({
  token: async () => issued.get(service ?? role),
});
/** A session, made again after the one before has ended. */
const session = (user: string, name: string, make: () => Promise<string>): Who => ({
  user,
  token: async () => {
    const kept = tokens.get(name);
    const lives =
      kept && (await api('GET', `/v1/domains/acme/users/${user}/security`, { token: kept })).status === 200;
    if (!lives) tokens.set(name, await make());
    return tokens.get(name)!;
  },
});
const account = (user: string) => ({ domain: 'acme', login: `${user}@acme.example`, password: PASSWORD });
const ROLES: Record<string, string> = {
  aud: 'auditor',
  help: 'help-desk',
  adm: 'administrator',
  half: 'administrator',
  root: 'administrator',
};
const grant = (user: string, roles = [ROLES[user]]) => acme.operator('PUT', `/users/${user}`, { roles });

/** No service acts for who holds a role: it is given back afterwards. */
async function enrol(user: string): Promise<void> {
  await grant(user, []);
  if (secrets.has(user)) {
    tokens.set(`codes of ${user}`, (await acme.issueCodes(user)).codes.join(' '));
    await acme.service('POST', `/users/${user}/two-step/enable`);
  } else {
    const { secret, codes } = await acme.enrol(user, now);
    secrets.set(user, secret);
    tokens.set(`codes of ${user}`, codes.join(' '));
  }
  if (ROLES[user]) await grant(user);
}

const withSecondStep = (user: string) => async () => {
  world.clock.advance(30);
  if ((await acme.signIn(account(user))).body.decision === 'enroll') await enrol(user);
  world.clock.advance(30);
  return acme.fullSession(account(user), () => ({
    method: 'totp',
    code: totpCode(secrets.get(user)!, now()),
  }));
};
const afterPassword = (user: string) => () => acme.plainSession(user, account(user));

const WHO: Record<string, Who> = {
  nobody: { token: async () => undefined },
  operator: { token: async () => world.operatorToken },
  service: machine('service', 'plain'),
  'service on behalf': machine('service', 'payroll'),
  'auditor token': machine('auditor'),
  'help-desk token': machine('help-desk'),
  'administrator token': machine('administrator'),
  person: session('ada', 'person', afterPassword('ada')),
  'enrolling person': session(
    'ada',
    'enroll',
    async () => (await acme.signIn(account('ada'))).body.session.token,
  ),
  'recovering person': session('rec', 'factors', () => {
    const codes = tokens.get('codes of rec')!.split(' ');
    tokens.set('codes of rec', codes.slice(1).join(' '));
    return acme.fullSession(account('rec'), () => ({ method: 'recovery-code', code: codes[0]! }));
  }),
  'access token': session('ada', 'access', async () => {
    const token = await WHO.person!.token();
    const body = {
      name: 'x',
      scopes: ['security:read'],
      expiresAt: new Date(now() + 86_400_000).toISOString(),
    };
    return (await api('POST', '/v1/domains/acme/users/ada/access-tokens', { token: token!, body })).body
      .token;
  }),
  "provider's token": {
    user: 'ada',
    token: () => {
      const at = Math.floor(now() / 1_000);
      const { port } = provider.address() as AddressInfo;
      const claims = {
        iss: `http://localhost:${port}`,
        aud: 'sparekey',
        sub: 'ada',
        auth_time: at,
        exp: at + 300,
      };
      return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).sign(keys.privateKey);
    },
  },
  auditor: session('aud', 'auditor', withSecondStep('aud')),
  'help desk': session('help', 'help', withSecondStep('help')),
  administrator: session('adm', 'adm', withSecondStep('adm')),
  'administrator without second step': session('half', 'half', afterPassword('half')),
};

const OPERATOR = ['operator'];
const IN_PERSON = ['operator', 'administrator'];
const ADMINISTRATORS = [...IN_PERSON, 'administrator token'];
const HELP_DESK = [...ADMINISTRATORS, 'help desk', 'help-desk token'];
const AUDITORS = [...ADMINISTRATORS, 'auditor', 'auditor token'];
const SERVICES = ['service', 'service on behalf'];
const FULL = ['person', 'auditor', 'help desk', 'administrator', 'administrator without second step'];
const SESSIONS = [...FULL, 'enrolling person', 'recovering person'];
const EVERYBODY = Object.keys(WHO);
const ON_BEHALF = ['service on behalf'];

/** Who may; about whom, where the call is about a user. */
type Rule =
  readonly string[] | { own: readonly string[]; other: readonly string[]; higher: readonly string[] };
const self = (...own: string[]): Rule => ({ own, other: ON_BEHALF, higher: [] });

const mayCall = (rule: Rule, relation: string): readonly string[] =>
  'other' in rule ? rule[relation as 'other'] : rule;

const PROVIDED = "provider's token"; // a person in full, who cannot show a second factor here
const TABLE: Record<string, Rule> = {
  putDomain: OPERATOR,
  getDomain: ADMINISTRATORS,
  getPolicy: ADMINISTRATORS,
  putPolicy: ADMINISTRATORS,
  putService: ADMINISTRATORS,
  getService: ADMINISTRATORS,
  listServices: ADMINISTRATORS,
  listRoles: ADMINISTRATORS,
  deleteService: ADMINISTRATORS,
  putIdentityProvider: OPERATOR,
  getIdentityProvider: OPERATOR,
  listIdentityProviders: ADMINISTRATORS,
  deleteIdentityProvider: OPERATOR,
  issueApiToken: IN_PERSON,
  listApiTokens: ADMINISTRATORS,
  revokeApiToken: IN_PERSON,
  putUser: {
    own: ['administrator'],
    other: [...ADMINISTRATORS, ...SERVICES],
    higher: IN_PERSON,
  },
  putAccount: {
    own: ['administrator'],
    other: [...ADMINISTRATORS, ...SERVICES],
    higher: IN_PERSON,
  },
  getUser: {
    own: [...SESSIONS, PROVIDED],
    other: [...HELP_DESK, ...ON_BEHALF],
    higher: [...HELP_DESK, ...ON_BEHALF],
  },
  changeUser: self(...FULL, PROVIDED),
  getAccount: {
    own: [...FULL, PROVIDED],
    other: [...ADMINISTRATORS, ...ON_BEHALF],
    higher: [...ADMINISTRATORS, ...ON_BEHALF],
  },
  getSecurity: {
    own: [...SESSIONS, 'access token', PROVIDED],
    other: [...HELP_DESK, ...ON_BEHALF],
    higher: [...HELP_DESK, ...ON_BEHALF],
  },
  addFactor: self(...SESSIONS, PROVIDED),
  confirmFactor: self(...SESSIONS, PROVIDED),
  getAcceptedCredentials: { own: [...SESSIONS, PROVIDED], other: ON_BEHALF, higher: ON_BEHALF },
  changeFactor: self(...SESSIONS, PROVIDED),
  removeFactor: self(...SESSIONS, PROVIDED),
  enableTwoStep: self(...FULL, 'enrolling person', PROVIDED),
  skipTwoStep: self(...FULL, 'enrolling person', PROVIDED),
  generateRecoveryCodes: self(...FULL, 'enrolling person', PROVIDED),
  getRecoveryCodes: { own: [...FULL, 'enrolling person', PROVIDED], other: ON_BEHALF, higher: ON_BEHALF },
  confirmRecoveryCodesSaved: self(...FULL, 'enrolling person', PROVIDED),
  issueAccessToken: self(...FULL, PROVIDED),
  listAccessTokens: { own: [...FULL, PROVIDED], other: ON_BEHALF, higher: ON_BEHALF },
  revokeAccessToken: self(...FULL, PROVIDED),
  listSessions: { own: [...FULL, PROVIDED], other: ON_BEHALF, higher: ON_BEHALF },
  endSession: self(...FULL, PROVIDED),
  endSessions: self(...FULL, PROVIDED),
  unlockUser: { own: ['administrator', 'help desk'], other: HELP_DESK, higher: IN_PERSON },
  openChallenge: [...SERVICES, ...FULL, PROVIDED],
  openPasskeyChallenge: SERVICES,
  answerPasskeyChallenge: EVERYBODY,
  takeResult: SERVICES,
  getSignIn: SERVICES,
  getChallenge: EVERYBODY,
  answerChallenge: EVERYBODY,
  promptChallenge: EVERYBODY,
  deliverCode: EVERYBODY,
  cancelChallenge: EVERYBODY,
  getJwks: EVERYBODY,
  signIn: EVERYBODY,
  openPasskeySignIn: EVERYBODY,
  signInByPasskey: EVERYBODY,
  getSignInOptions: EVERYBODY,
  startProviderSignIn: EVERYBODY,
  finishProviderSignIn: EVERYBODY,
  exchange: EVERYBODY,
  confirmPassword: SESSIONS,
  changePassword: FULL,
  getSession: SESSIONS,
  signOut: SESSIONS,
  disableTwoStep: self(...FULL, PROVIDED),
  getAudit: AUDITORS,
  exportAudit: AUDITORS,
  streamAudit: AUDITORS,
  getUserAudit: {
    own: [...FULL, PROVIDED],
    other: [...AUDITORS, ...ON_BEHALF],
    higher: [...AUDITORS, ...ON_BEHALF],
  },
  listDomains: OPERATOR,
  findUsers: [...HELP_DESK, ...SERVICES],
  getReadiness: ADMINISTRATORS,
  repudiateNotice: EVERYBODY,
  beginOperatorSession: EVERYBODY,
  getOperatorSession: OPERATOR,
  endOperatorSession: EVERYBODY,
  listParked: OPERATOR,
  getParked: OPERATOR,
  retryParked: OPERATOR,
  listProjections: OPERATOR,
  listStoreRights: OPERATOR,
  rebuildProjection: OPERATOR,
};

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
}

let operations: Operation[];

beforeAll(async () => {
  world = new World();
  app = await world.start(undefined, 'silent');
  ({ api } = app);
  acme = await Tenant.create(api, world.operatorToken);
  const other = await Tenant.create(api, world.operatorToken, 'other');
  await acme.operator('PUT', '/services/plain', { displayName: 'Plain' });
  for (const [role, service] of [
    ['auditor'],
    ['help-desk'],
    ['administrator'],
    ['service', 'plain'],
  ] as const) {
    const body = { name: 'machine', role, ...(service && { service }) };
    issued.set(service ?? role, (await acme.operator('POST', '/api-tokens', body)).body.token);
  }
  issued.set('payroll', acme.token);
  for (const user of ['ada', 'bob', 'rec', 'aud', 'help', 'adm', 'half', 'root']) {
    await acme.service('PUT', `/users/${user}`, {});
    await other.service('PUT', `/users/${user}`, {});
    await acme.account(user);
  }
  for (const user of ['rec', 'aud', 'help', 'adm']) await enrol(user);
  for (const user of ['half', 'root']) await grant(user);
  const jwks = JSON.stringify({ keys: [await exportJWK(keys.publicKey)] });
  provider = createServer((_, response) => void response.end(jwks)).listen(0, 'localhost');
  await once(provider, 'listening');
  const issuer = `http://localhost:${(provider.address() as AddressInfo).port}`;
  const settings = { issuer, jwksUri: `${issuer}/jwks`, audience: 'sparekey', claims: { user: 'sub' } };
  await acme.operator('PUT', '/identity-providers/corp', settings);

  const { paths } = describeApi(app.app, 'http://localhost:4000');
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { operationId: string; requestBody?: unknown }>).map(
      ([method, { operationId, requestBody }]) => ({
        id: operationId,
        method: method.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
      }),
    ),
  );
}, 60_000);
afterAll(async () => {
  await world.close();
  provider.close();
});

/** Makes the call with a body that nothing takes: whoever may call is told so, and nothing happens. */
function call({ method, path, hasBody }: Operation, token: string | undefined, domain: string, user: string) {
  const url = path
    .replace('{domain}', domain)
    .replace('{user}', user)
    .replace('{service}', 'nowhere')
    .replace('{provider}', 'nowhere')
    .replace('{room}', 'nowhere')
    .replace('{name}', 'nowhere')
    .replace(/\{\w+\}/g, '0f000000-0000-4000-8000-000000000000');
  const body = hasBody ? { body: { surprise: 1 } } : {};
  const headers = { 'last-event-id': 'nothing' }; // nobody waits for a stream
  return api(method, url, { ...(token !== undefined && { token }), ...body, headers });
}

/** The guard let the call through, whatever came of it then. */
const isLet = ({ status, body }: ApiAnswer, id: string): boolean =>
  (status !== 401 && status !== 403) || (id === 'finishProviderSignIn' && body.code === 'sign-in-refused');

/** Facts that change something; notices of earlier ones may come in at any time, and the log tells who looked. */
const length = async () =>
  (await world.store.readAll(undefined, 100_000)).filter(({ stream }) => !/^(notice|access)-/.test(stream))
    .length;

test('every call is in the table', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(TABLE).sort());
});

/** Calls that end sessions, or make them worth less, come last. */
const LAST = ['signOut', 'endSessions', 'disableTwoStep'];
const ORDER = Object.keys(TABLE).sort((a, b) => LAST.indexOf(a) - LAST.indexOf(b));

describe.each(ORDER)('%s', (id) => {
  test('is let through for those in the table, and for nobody else', async () => {
    const operation = operations.find((one) => one.id === id)!;
    const rule = TABLE[id]!;
    const aboutUser = operation.path.includes('{user}');
    const seen: string[] = [];
    const expected: string[] = [];
    for (const [name, who] of Object.entries(WHO)) {
      const targets = aboutUser
        ? { ...(who.user && { own: who.user }), other: who.user === 'bob' ? 'ada' : 'bob', higher: 'root' }
        : { any: 'bob' };
      for (const [relation, user] of Object.entries(targets)) {
        const token = await who.token();
        const before = await length();
        const answer = await call(operation, token, 'acme', user);
        const line = `${name} · ${relation}`;
        if (isLet(answer, id)) seen.push(line);
        else expect([line, await length()]).toEqual([line, before]);
        if (mayCall(rule, relation).includes(name)) expected.push(line);
      }
    }
    expect(seen).toEqual(expected);
  }, 60_000);

  test('is let through in no other domain, but for the operator', async () => {
    const operation = operations.find((one) => one.id === id)!;
    const rule = TABLE[id]!;
    if (!operation.path.includes('{domain}') || rule === EVERYBODY) return;
    const operatorMay = mayCall(rule, 'other').includes('operator');
    const before = await length();
    const seen: string[] = [];
    for (const [name, who] of Object.entries(WHO)) {
      if (name === 'operator') continue;
      for (const user of [who.user ?? 'ada', 'bob'])
        if (isLet(await call(operation, await who.token(), 'other', user), id)) seen.push(name);
    }
    expect(seen).toEqual([]);
    if (!LAST.includes(id)) expect((await length()) - before).toBeLessThan(40); // sessions made again, at most
    const operator = await call(operation, world.operatorToken, 'other', 'bob');
    expect(isLet(operator, id)).toBe(operatorMay);
  }, 60_000);
});

describe('nobody rises', () => {
  const attempts: Record<
    string,
    { may: readonly string[]; make: (who: Who, token?: string) => Promise<ApiAnswer> }
  > = {
    'by granting themselves a role': {
      may: ['operator', 'administrator'],
      make: ({ user = 'bob' }, token) => send('PUT', `/users/${user}`, token, { roles: ['administrator'] }),
    },
    'by issuing a token of a role': {
      may: ['operator', 'administrator'],
      make: (_, token) => send('POST', '/api-tokens', token, { name: 'x', role: 'administrator' }),
    },
    "by setting an administrator's password": {
      may: ['operator', 'administrator'],
      make: (_, token) =>
        send('PUT', '/users/root/account', token, { login: 'root@acme.example', password: PASSWORD }),
    },
    "by adding a factor of an administrator's": {
      may: [],
      make: (_, token) => send('POST', '/users/root/factors', token, { type: 'totp' }),
    },
    'by a weaker policy': {
      may: ['operator', 'administrator'],
      make: async (_, token) => {
        const { headers: before } = await acme.operator('GET', '/policy');
        await acme.operator('PUT', '/policy', {}, { 'if-match': String(before.etag) }); // not weaker yet
        const { headers } = await acme.operator('GET', '/policy');
        const policy = { challenge: { attempts: 10 } };
        return send('PUT', '/policy', token, policy, { 'if-match': String(headers.etag) });
      },
    },
  };
  const send = (
    method: string,
    path: string,
    token?: string,
    body?: object,
    headers?: Record<string, string>,
  ) =>
    api(method, `/v1/domains/acme${path}`, {
      ...(token !== undefined && { token }),
      ...(body && { body }),
      ...(headers && { headers }),
    });

  test.each(Object.entries(attempts))('%s', async (_, { may, make }) => {
    const succeeded: string[] = [];
    for (const [name, who] of Object.entries(WHO)) {
      const { status } = await make(who, await who.token());
      if (status < 400) succeeded.push(name);
      if (name === 'operator') await acme.operator('PUT', '/users/bob', { roles: [] });
    }
    expect(succeeded).toEqual(may);
  });
});

describe('a narrow session stays narrow', () => {
  test.each(['enrolling person', 'recovering person'])(
    'through every call that gives another: %s',
    async (name) => {
      const token = await WHO[name]!.token();
      const { scope } = decodeJwt(token!);
      expect(scope).not.toBe('full');
      const confirmed = await api('POST', '/v1/identity/confirm-password', {
        token: token!,
        body: { password: PASSWORD },
      });
      expect(decodeJwt(confirmed.body.token)).toMatchObject({ scope });
      const continued = await api('POST', '/v1/identity/sessions', { token: confirmed.body.token });
      if (continued.status === 200) expect(decodeJwt(continued.body.token)).toMatchObject({ scope });
      else expect(continued.body.code).toBe('not-enrolled');
      // a genuine result, of their own, that another service asked for; and by a recovery code at that
      const codes = tokens.get('codes of rec')!.split(' ');
      tokens.set('codes of rec', codes.slice(1).join(' '));
      const signInId = String(decodeJwt(token!).sid);
      const opened = await acme.open('rec', { purpose: 're-authentication', signInId });
      const answered = await acme.answer(opened.body.challengeId, {
        method: 'recovery-code',
        code: codes[0],
      });
      const { result } = answered.body;
      expect(result).toEqual(expect.any(String));
      expect((await api('POST', '/v1/identity/sessions', { token: token!, body: { result } })).status).toBe(
        401,
      );
    },
  );
});
