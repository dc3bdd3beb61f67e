import { Inject, Injectable } from '@nestjs/common';
import { codec, refuse, tokensStream, type TokensFact } from '@sparekey/contracts';
import { FoldCache, foldOf, type Attempt, type Origin, type Outcome } from '@sparekey/event-sourcing';
import { DomainReader, PORTS, type DomainView, type Ports } from '@sparekey/platform';
import { tokensDecider, type Tokens } from './tokens.ts';

/** What the use cases of this room work with. */
@Injectable()
export class IdentityRoom {
  readonly tokens: FoldCache<Tokens>;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    readonly domains: DomainReader,
  ) {
    this.tokens = new FoldCache(ports.store, codec, foldOf(tokensDecider), 4_096);
  }

  /** @throws Refusal `not-found` */
  async domain(domain: string): Promise<DomainView> {
    const { state } = await this.domains.load(domain);
    if (state.displayName === undefined) throw refuse('not-found');
    return state;
  }

  changeTokens(
    origin: Origin,
    attempt: (attempt: Attempt<Tokens>) => Promise<readonly TokensFact[]>,
  ): Promise<Outcome<Tokens, TokensFact>> {
    return this.ports.handle({ stream: tokensStream(origin.domain), cache: this.tokens, origin, attempt });
  }
}
