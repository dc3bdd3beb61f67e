import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  codec,
  domainStream,
  factorsStream,
  refuse,
  type DomainFact,
  type DomainView,
  type FactorsFact,
  type SealedAt,
  type User,
} from '@sparekey/contracts';
import { askerOf, foldOf, type Attempt, type Origin, type Outcome } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import type { HeldFactor, Models, Tools } from '@sparekey/factors';
import { CONFIGURATION, DomainReader, PORTS, type Configuration, type Ports } from '@sparekey/platform';
import type { SlowDigest } from '@sparekey/vault';
import { loadFidoMetadata } from './fido-metadata.ts';
import { domainDecider, type DomainCommand } from './domain.ts';
import { Guards } from './guards.ts';
import { userDecider } from './user.ts';

/** What the use cases of this room work with. */
@Injectable()
export class EnrollmentRoom implements OnModuleInit {
  readonly domains: FoldCache<DomainView>;
  readonly users: FoldCache<User>;
  readonly guards: Guards;
  readonly publicUrl: string;
  /** What is published of authenticators, where the operator has the file. */
  models: Models | undefined;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    readonly domainReader: DomainReader,
  ) {
    this.domains = new FoldCache(ports.store, codec, foldOf(domainDecider), 4_096);
    this.users = new FoldCache(ports.store, codec, foldOf(userDecider), 4_096);
    this.guards = new Guards(ports.store);
    this.publicUrl = configuration.publicUrl;
  }

  /** @throws ConfigurationFault where the file of authenticators is not what it should be */
  async onModuleInit(): Promise<void> {
    const { fidoMetadata } = this.configuration;
    if (fidoMetadata !== undefined)
      this.models = await loadFidoMetadata(fidoMetadata, this.ports.clock.now());
  }

  /** @throws Refusal `not-found` */
  async domain(domain: string): Promise<DomainView> {
    const { state } = await this.domainReader.load(domain);
    if (state.displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
    return state;
  }

  /** As this process knows it from its own changes. @throws Refusal `not-found` */
  async ownDomain(domain: string): Promise<DomainView & { readonly displayName: string }> {
    const { state } = await this.domains.load(domainStream(domain));
    const { displayName } = state;
    if (displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
    return { ...state, displayName };
  }

  /** @throws Refusal `not-found` */
  async user(domain: string, user: string): Promise<User> {
    const { state } = await this.users.load(factorsStream(domain, user));
    if (!state.contacts)
      throw refuse('not-found', {
        detail: 'there is no such user in this domain: PUT users/{user} makes one',
      });
    return state;
  }

  changeDomain(origin: Origin, command: DomainCommand): Promise<Outcome<DomainView, DomainFact>> {
    return this.ports.handle({
      stream: domainStream(origin.domain),
      cache: this.domains,
      origin,
      attempt: async ({ state }) => domainDecider.decide(command, state),
    });
  }

  changeUser(
    origin: Origin,
    attempt: (attempt: Attempt<User>) => Promise<readonly FactorsFact[]>,
  ): Promise<Outcome<User, FactorsFact>> {
    return this.ports.handle({
      stream: factorsStream(origin.domain, origin.subject!),
      cache: this.users,
      origin,
      attempt,
    });
  }

  /** What kinds of factor are handed, so that they stay pure. */
  toolsFor(origin: Origin): Tools {
    const { slowHash } = this.ports;
    const asker = askerOf(origin);
    return {
      ...(this.models && { models: this.models }),
      digest: (text) => slowHash.digest(text, asker),
      matches: (text, digest) =>
        slowHash.matches(text, digest as SlowDigest | undefined, { lane: 'answer', asker }),
    };
  }

  /** What a person has of a kind of factor. */
  async heldOf(domain: string, user: string, kind: string): Promise<HeldFactor[]> {
    const { factors } = await this.user(domain, user);
    const confirmed = factors.filter((factor) => factor.confirmed && factor.kind === kind);
    return Promise.all(
      confirmed.map(async ({ parameters, secret }) => ({
        parameters,
        secret: secret && (await this.open(domain, user, 'factor', secret, 'secret')),
      })),
    );
  }

  open(
    domain: string,
    user: string,
    sealClass: 'contact' | 'factor',
    { value, eventId }: SealedAt,
    field: string,
  ): Promise<string> {
    return this.ports.vault.open({ domain, user }, sealClass, value, { eventId, field });
  }

  seal(
    domain: string,
    user: string,
    sealClass: 'contact' | 'factor' | 'message',
    text: string,
    eventId: string,
    field: string,
  ): Promise<string> {
    return this.ports.vault.seal({ domain, user }, sealClass, text, { eventId, field });
  }
}
