import { Injectable } from '@nestjs/common';
import { claimStream, codec, type VerificationFact } from '@sparekey/contracts';
import { hearSignIn, MessageRefusedError, type InboundMessage } from './hear-sign-in.ts';
import { VerificationRoom } from './verification.room.ts';

/** So many refused messages a domain and hour stand in the log: whoever can write to the topic cannot fill it. */
const TOLD_AN_HOUR = 20;
const HOUR_MS = 3_600_000;

/** The entrance for what internal services say by event. */
@Injectable()
export class SignInListener {
  readonly #told = new Map<string, number>();
  #hour = 0;

  constructor(private readonly room: VerificationRoom) {}

  /** @throws MessageRefusedError after it was written down, where it is one of a known domain */
  async hear(message: InboundMessage): Promise<void> {
    try {
      await hearSignIn(this.room, message);
    } catch (error) {
      if (error instanceof MessageRefusedError) await this.#writeDown(error, message);
      throw error;
    }
  }

  async #writeDown({ domain, reason }: MessageRefusedError, { place }: InboundMessage): Promise<void> {
    const { clock, blindIndex, random, store } = this.room.ports;
    if (domain === undefined || !this.#isWithinBudget(domain, clock.now())) return;
    const id = random.uuid();
    const claim = blindIndex.of('refused-message', domain, place);
    const fact: VerificationFact = { type: 'SignInMessageRefused', data: { claim, reason, place } };
    const origin = { domain, actor: { kind: 'system', id: 'verification' }, correlationId: id } as const;
    const stream = claimStream(claim);
    if ((await store.read(stream, { limit: 1 })).length > 0) return; // heard again
    await store.append(stream, 'no-stream', [
      { ...origin, ...codec.encode(fact), id, time: clock.now(), causationId: id },
    ]);
  }

  #isWithinBudget(domain: string, now: number): boolean {
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== this.#hour) this.#told.clear();
    this.#hour = hour;
    const told = (this.#told.get(domain) ?? 0) + 1;
    this.#told.set(domain, told);
    return told <= TOLD_AN_HOUR;
  }
}
