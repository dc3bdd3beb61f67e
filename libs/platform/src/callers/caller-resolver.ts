import { createHash, timingSafeEqual } from 'node:crypto';
import { codec, tokensStream, type TokenRole, type TokensFact } from '@sparekey/contracts';
import { FoldCache, type Clock, type Envelope } from '@sparekey/event-sourcing';
import type { Handles } from '@sparekey/vault';
import type { DomainReader } from '../domain-reader.ts';
import type { Ports } from '../ports.ts';
import type { Caller } from './caller.ts';

interface LiveToken {
  readonly role: TokenRole;
  readonly service?: string;
  readonly expiresAt?: number;
  readonly issuedAt: number;
}

type Tokens = ReadonlyMap<string, LiveToken>;

function evolve(tokens: Tokens, envelope: Envelope): Tokens {
  const event = envelope as TokensFact & { time: number };
  if (event.type === 'ApiTokenIssued')
    return new Map(tokens).set(event.data.tokenId, { ...event.data, issuedAt: event.time });
  if (event.type === 'ApiTokenRevoked')
    return new Map([...tokens].filter(([id]) => id !== event.data.tokenId));
  return tokens;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Says who presents a bearer token, reading the tokens' stream to its end: a revoked token is refused at once. */
export class CallerResolver {
  readonly #operator: Buffer | undefined;
  readonly #handles: Handles;
  readonly #clock: Clock;
  readonly #tokens: FoldCache<Tokens>;
  readonly #domains: DomainReader;

  constructor({ store, handles, clock }: Ports, domains: DomainReader, operatorToken: string | undefined) {
    this.#operator = operatorToken === undefined ? undefined : digest(operatorToken);
    this.#handles = handles;
    this.#clock = clock;
    this.#domains = domains;
    this.#tokens = new FoldCache<Tokens>(store, codec, { initialState: () => new Map(), evolve }, 4_096);
  }

  /** @returns nothing where the token is unknown, expired, revoked or its service is not registered any more */
  async resolve(bearer: string): Promise<Caller | undefined> {
    if (this.isOperator(bearer)) return { role: 'operator', actor: { kind: 'operator', id: 'operator' } };
    const [domain, tokenId] = this.#handles.open('api-token', bearer) ?? [];
    if (!domain || !tokenId) return undefined;
    const token = (await this.#tokens.load(tokensStream(domain))).state.get(tokenId);
    if (!token || (token.expiresAt !== undefined && token.expiresAt <= this.#clock.now())) return undefined;
    if (token.role !== 'service') {
      return { role: token.role, domain, actor: { kind: 'administrator', id: tokenId } };
    }
    const service = token.service!;
    const registered = (await this.#domains.load(domain)).state.services.get(service);
    if (!registered || token.issuedAt < registered.since) return undefined; // of an earlier registration
    return {
      role: 'service',
      domain,
      service,
      onBehalf: registered.onBehalf,
      actor: { kind: 'service', id: service },
    };
  }

  isOperator(bearer: string): boolean {
    return this.#operator !== undefined && timingSafeEqual(digest(bearer), this.#operator);
  }
}
