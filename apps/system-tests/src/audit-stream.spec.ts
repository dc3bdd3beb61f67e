import { Tenant, World, type InProcess } from '@sparekey/testing';

let world: World;
let app: InProcess;
let acme: Tenant;
let token: { tokenId: string; token: string };

beforeAll(async () => {
  world = new World();
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
  token = (await acme.operator('POST', '/api-tokens', { name: 'auditor', role: 'auditor' })).body;
  await world.settle();
});
afterAll(() => world.close());

interface Followed {
  readonly id: string;
  readonly action: string;
  readonly userId: string;
}

/** Follows the stream until so many entries have come, or it ends. */
async function follow(count: number, query = '', lastEventId?: string): Promise<Followed[]> {
  const abort = new AbortController();
  const url = `${await app.app.getUrl()}/v1/domains/acme/audit/stream${query}`;
  const headers = {
    authorization: `Bearer ${token.token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  const response = await fetch(url, { headers, signal: abort.signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const entries: Followed[] = [];
  let text = '';
  started.resolve();
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    entries.length = 0;
    for (const [, id, data] of text.matchAll(/^id: (.+)\nevent: entry\ndata: (.+)\n\n/gm)) {
      const { action, userId } = JSON.parse(data!);
      entries.push({ id: id!, action, userId });
    }
    if (entries.length >= count) break;
  }
  abort.abort();
  return entries;
}

let started = Promise.withResolvers<void>();
const putUser = async (user: string) => {
  await acme.service('PUT', `/users/${user}`, {});
  await world.settle();
};

beforeEach(() => {
  started = Promise.withResolvers<void>();
});

test('begins behind the entry that tells of the look itself', async () => {
  const abort = new AbortController();
  const url = `${await app.app.getUrl()}/v1/domains/acme/audit/stream`;
  const headers = { authorization: `Bearer ${token.token}` };
  const answer = fetch(url, { headers, signal: abort.signal });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await world.settle(); // the read model is behind when the stream begins
  const reader = (await answer).body!.getReader();
  await reader.read();
  await putUser('first');
  const text = new TextDecoder().decode((await reader.read()).value);
  abort.abort();
  expect(text).toContain('"userId":"first"');
  expect(text).not.toContain('access.logged');
});

test('gives an id at once, so that who is cut off before the first entry misses nothing', async () => {
  const read = async (lastEventId?: string) => {
    const abort = new AbortController();
    const url = `${await app.app.getUrl()}/v1/domains/acme/audit/stream`;
    const headers = {
      authorization: `Bearer ${token.token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const response = await fetch(url, { headers, signal: abort.signal });
    const chunk = (await response.body!.getReader().read()).value!;
    abort.abort();
    return { status: response.status, text: new TextDecoder().decode(chunk) }; // takes a leading mark away, as readers do
  };
  const { text } = await read();
  const id = /^id: (\S+)\n/.exec(text)?.[1];
  expect(id).toBeDefined();
  await putUser('gap');
  const [entry] = await follow(1, '?action=user.registered', id);
  expect(entry).toMatchObject({ userId: 'gap' });
  expect((await read('')).status).toBe(200); // an empty one is none
});

test('shows what happens from now on, as it happens, and only what is asked for', async () => {
  const following = follow(2, '?action=user.registered');
  await started.promise;
  await putUser('ada');
  await acme.service('PUT', '/users/ada', { displayName: 'Ada' });
  await putUser('bob');
  expect((await following).map(({ userId }) => userId)).toEqual(['ada', 'bob']);
});

test('goes on behind the last entry after a broken connection', async () => {
  const first = follow(1, '?action=user.registered');
  await started.promise;
  await putUser('carl');
  const [{ id }] = (await first) as [Followed];
  await putUser('dora');
  await putUser('emil');
  const rest = await follow(2, '?action=user.registered', id);
  expect(rest.map(({ userId }) => userId)).toEqual(['dora', 'emil']);
});

test('ends as soon as who follows may no longer see it', async () => {
  const following = follow(100).catch(() => [] as Followed[]);
  await started.promise;
  await acme.operator('DELETE', `/api-tokens/${token.tokenId}`);
  await putUser('fred');
  expect(await following).toEqual([]);
});
