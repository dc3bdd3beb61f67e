import { accessStream, codec, type AccessFact } from '@sparekey/contracts';
import { DEFAULT_PAGE } from '@sparekey/event-sourcing';
import type { Logger } from 'pino';
import type { Correlation, Ports } from '@sparekey/platform';
import type { Caller } from './caller.ts';
import { originOf } from './origin.ts';

/** Refusals of one caller that stand in the log in an hour: whoever is refused more does it to fill the log. */
const REFUSALS_AN_HOUR = 20;
const HOUR_MS = 3_600_000;

/** A call, as far as the log tells of it. */
export interface LoggedCall {
  /** Its `operationId`. */
  readonly name: string;
  readonly domain: string | undefined;
  readonly user: string | undefined;
}

/** Who looked, and who was refused, is part of the log: each in a stream of its own, so that nobody waits for another. */
export class AccessLog {
  readonly #refusals = new Map<string, number>();
  #hour = 0;

  constructor(
    private readonly ports: Pick<Ports, 'store' | 'clock' | 'random'>,
    private readonly logger: Logger,
  ) {}

  /** Resolves when it is durable: nobody sees what the log does not know of. A call that is about no domain is told to all. */
  async looked(caller: Caller, call: LoggedCall, correlation: Correlation): Promise<void> {
    const fact: AccessFact = { type: 'AccessLogged', data: { call: call.name } };
    const domains = call.domain === undefined ? await this.#domains() : [call.domain];
    await Promise.all(domains.map((domain) => this.#append(fact, caller, { ...call, domain }, correlation)));
  }

  /** Nobody waits for it, and where it cannot be written the answer stays the refusal. */
  refused(
    caller: Caller,
    code: 'forbidden' | 'step-up-required',
    call: LoggedCall,
    correlation: Correlation,
  ): void {
    const { domain } = caller;
    if (domain === undefined || !this.#isWithinBudget(`${domain} ${caller.actor.kind} ${caller.actor.id}`))
      return;
    const fact: AccessFact = { type: 'AccessRefused', data: { call: call.name, role: caller.role, code } };
    const user = call.domain === domain ? call.user : undefined; // a user of another domain is none here
    this.#append(fact, caller, { name: call.name, domain, user }, correlation).catch((error: unknown) =>
      this.logger.error({ err: error }, 'the log could not be told of a refused call'),
    );
  }

  async #append(
    fact: AccessFact,
    caller: Caller,
    { domain, user }: LoggedCall & { readonly domain: string },
    correlation: Correlation,
  ): Promise<void> {
    const { store, clock, random } = this.ports;
    const id = random.uuid();
    const origin = originOf(caller, correlation, domain, user);
    const record = { ...origin, ...codec.encode(fact), id, time: clock.now(), causationId: id };
    await store.append(accessStream(domain, id), 'no-stream', [record]);
  }

  async #domains(): Promise<string[]> {
    const found: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.ports.store.readAll(after, DEFAULT_PAGE, [{ type: 'DomainCreated' }]);
      found.push(...page.map(({ domain }) => domain));
      if (page.length < DEFAULT_PAGE) return found;
      after = page.at(-1)!.position;
    }
  }

  #isWithinBudget(caller: string): boolean {
    const hour = Math.floor(this.ports.clock.now() / HOUR_MS);
    if (hour !== this.#hour) this.#refusals.clear();
    this.#hour = hour;
    const count = (this.#refusals.get(caller) ?? 0) + 1;
    this.#refusals.set(caller, count);
    return count <= REFUSALS_AN_HOUR;
  }
}
