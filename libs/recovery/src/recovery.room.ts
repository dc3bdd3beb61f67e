import { Inject, Injectable } from '@nestjs/common';
import { codec, codesStream, type CodesFact } from '@sparekey/contracts';
import { foldOf, type Attempt, type Origin, type Outcome } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import { DomainReader, PORTS, type Ports } from '@sparekey/platform';
import { codesDecider, type Codes } from './codes.ts';
import { Guards } from './guards.ts';

/** What the use cases of this room work with. */
@Injectable()
export class RecoveryRoom {
  readonly codes: FoldCache<Codes>;
  readonly guards: Guards;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    readonly domains: DomainReader,
  ) {
    this.codes = new FoldCache(ports.store, codec, foldOf(codesDecider), 4_096);
    this.guards = new Guards(ports.store);
  }

  changeCodes(
    origin: Origin,
    attempt: (attempt: Attempt<Codes>) => Promise<readonly CodesFact[]>,
  ): Promise<Outcome<Codes, CodesFact>> {
    return this.ports.handle({
      stream: codesStream(origin.domain, origin.subject!),
      cache: this.codes,
      origin,
      attempt,
    });
  }
}
