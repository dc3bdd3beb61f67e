import { randomBytes, randomUUID } from 'node:crypto';
import {
  createHandle,
  KeyedQueue,
  type EventStore,
  type Handle,
  type ListenerState,
  type Random,
} from '@sparekey/event-sourcing';
import {
  BlindIndex,
  loadBlindIndex,
  loadSigner,
  SealedTokens,
  SlowHash,
  Vault,
  type KeyRing,
  type KeyVersions,
  type MasterKeys,
  type Signer,
} from '@sparekey/vault';
import { LogClock, type TrustedClock } from './clock.ts';
import type { Views } from '@sparekey/read-models';

/** What an app gives its rooms to work with; which technology stands behind it, only the app knows. */
export interface Ports {
  readonly store: EventStore;
  readonly handle: Handle;
  readonly vault: Vault;
  readonly sealedTokens: SealedTokens;
  readonly slowHash: SlowHash;
  readonly signer: Signer;
  /** Finds by name what must not be kept by name. */
  readonly blindIndex: BlindIndex;
  /** Never before the newest event: see {@link LogClock}. */
  readonly clock: TrustedClock;
  readonly random: Random;
  /** What the rooms have heard, and what is parked. */
  readonly listenerState: ListenerState;
  /** Read models. */
  readonly views: Views;
  /** Whether mail reaches mailboxes that are not ASCII (RFC 6531). */
  readonly acceptsSmtpUtf8: () => Promise<boolean>;
}

/** Injection token of {@link Ports}. */
export const PORTS = Symbol('Ports');

export const systemRandom: Random = { uuid: randomUUID, bytes: (length) => randomBytes(length) };

export interface PortsInput {
  readonly store: EventStore;
  readonly ring: KeyRing;
  readonly masterKeys: MasterKeys;
  readonly peppers: KeyVersions;
  readonly clock: TrustedClock;
  readonly listenerState: ListenerState;
  readonly views: Views;
  readonly random?: Random;
  /** Default: nobody says so. */
  readonly acceptsSmtpUtf8?: () => Promise<boolean>;
}

export async function createPorts({
  store: log,
  ring,
  masterKeys,
  peppers,
  clock: wall,
  listenerState,
  views,
  random = systemRandom,
  acceptsSmtpUtf8 = async () => false,
}: PortsInput): Promise<Ports> {
  const vault = new Vault(ring, masterKeys);
  const clock = new LogClock(wall);
  const store = await clock.follow(log);
  return {
    store,
    handle: createHandle({ clock, random, queue: new KeyedQueue() }),
    vault,
    sealedTokens: new SealedTokens(masterKeys),
    slowHash: new SlowHash(peppers),
    signer: await loadSigner(vault, ring),
    blindIndex: await loadBlindIndex(vault, ring),
    clock,
    random,
    listenerState,
    views,
    acceptsSmtpUtf8,
  };
}
