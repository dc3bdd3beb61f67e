import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { DataDirectory } from '@sparekey/sqlite';
import {
  seedUsers,
  Standalone,
  temporaryDirectory,
  Tenant,
  totpCode,
  World,
  type Person,
} from '@sparekey/testing';
import { product, type Subject } from './answers.ts';

const EVENTS_PER_USER = 6;

/** The product over a store that holds this many events of other people. */
export async function bigStore(events: number, users: number): Promise<{ subject: Subject; events: number }> {
  const others = Math.max(0, Math.ceil(events / EVENTS_PER_USER) - users);
  const subject = await product(users, async (path) => void (await seedUsers(path, 'acme', others, 'other')));
  return { subject, events: (others + users) * EVENTS_PER_USER };
}

export interface PastSignIns {
  readonly count: number;
  /** Milliseconds, medians: warm, then the first one in a new process's caches. */
  readonly old: number;
  readonly fresh: number;
  readonly cold: number;
  readonly coldFresh: number;
}

/** Answers of a user who has signed in many times, in turn with those of one who has not; the clock is the bench's. */
export async function pastSignIns(count: number, samples: number): Promise<PastSignIns> {
  const world = new World();
  const now = () => world.clock.now();
  const { api } = await world.start(undefined, 'silent');
  const acme = await Tenant.create(api, world.operatorToken);
  const old = await acme.enrol('old', now);
  const signIn = async (tenant: Tenant, { userId, secret }: Person): Promise<number> => {
    const id = await tenant.challenge(userId);
    const body = { method: 'totp', code: totpCode(secret, now()) };
    const began = performance.now();
    const { status } = await tenant.answer(id, body);
    if (status !== 200) throw new Error(`answered ${status}`);
    return performance.now() - began;
  };
  for (let n = 0; n < count; n++) {
    world.clock.advance(30);
    await signIn(acme, old);
  }
  const times: { old: number[]; fresh: number[]; cold: number[]; coldFresh: number[] } = {
    old: [],
    fresh: [],
    cold: [],
    coldFresh: [],
  };
  const young = await acme.enrol('young', now);
  for (let n = 0; n < samples; n++) {
    world.clock.advance(30);
    times.old.push(await signIn(acme, old));
    times.fresh.push(await signIn(acme, young));
  }
  for (let n = 0; n < 7; n++) {
    world.clock.advance(30);
    const [first, second] = [await world.start(undefined, 'silent'), await world.start(undefined, 'silent')];
    const opened = { old: await acme.challenge('old'), young: await acme.challenge('young') };
    times.cold.push(await timed(() => answer(acme.through(first.api), opened.old, old.secret, now())));
    times.coldFresh.push(
      await timed(() => answer(acme.through(second.api), opened.young, young.secret, now())),
    );
  }
  await world.close();
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    count,
    old: median(times.old),
    fresh: median(times.fresh),
    cold: median(times.cold),
    coldFresh: median(times.coldFresh),
  };
}

async function answer(tenant: Tenant, id: string, secret: string, now: number): Promise<void> {
  const { status } = await tenant.answer(id, { method: 'totp', code: totpCode(secret, now) });
  if (status !== 200) throw new Error(`answered ${status}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Appends per second of 64 writers with group commit, and with a transaction for each append. */
export async function commits(count: number): Promise<{ group: number; single: number }> {
  const { path, remove } = temporaryDirectory();
  const directory = new DataDirectory(path);
  const store = directory.openEventStore();
  const lanes = async (writers: number, each: number) => {
    const began = performance.now();
    const write = async () => {
      const stream = `sample-${randomUUID()}`;
      for (let n = 0; n < each; n++) {
        const event = sampleEvent({ challengeRef: randomUUID(), step: 59_000_000 });
        await store.append(stream, n === 0 ? 'no-stream' : n - 1, [event]);
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
    return (writers * each) / ((performance.now() - began) / 1_000);
  };
  await lanes(64, 20);
  const group = await lanes(64, Math.ceil(count / 64));
  const single = await lanes(1, Math.ceil(count / 20)); // one writer: every append is a transaction of its own
  await directory.close();
  remove();
  return { group, single };
}

/** Starts of the built standalone (milliseconds to ready), and its memory when it has nothing to do. */
export async function idle(starts: number): Promise<{ ready: number[]; megabytes: number }> {
  const { path, remove } = temporaryDirectory();
  const ready: number[] = [];
  let megabytes = 0;
  for (let n = 0; n < starts; n++) {
    const standalone = await Standalone.start({ dataDirectory: path });
    ready.push(standalone.readyAfter);
    if (n === starts - 1) {
      await sleep(2_000);
      const status = readFileSync(`/proc/${standalone.child.pid}/status`, 'utf8');
      megabytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1_024;
    }
    await standalone.end();
  }
  remove();
  return { ready, megabytes };
}
