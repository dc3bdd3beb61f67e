import { completePolicy, DEFAULT_POLICY, refuse, type DomainFact, type Policy } from '@sparekey/contracts';
import type { Decider, Happened } from '@sparekey/event-sourcing';
import { isDeepStrictEqual } from 'node:util';

/*
 * An identity domain: its name, its policy, the internal services that may ask about its people.
 *
 * - Nothing is said of a domain before it is created.
 * - A policy replaces the version that its writer has seen, or not at all.
 * - Saying again what stands is no fact.
 */

export interface ServiceSettings {
  readonly displayName: string;
  readonly returnUrls: readonly string[];
  readonly onBehalf: boolean;
}

export interface Domain {
  readonly displayName: string | undefined;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly services: ReadonlyMap<string, ServiceSettings>;
}

export type DomainCommand =
  | { readonly type: 'NameDomain'; readonly displayName: string }
  | { readonly type: 'ReplacePolicy'; readonly policy: Policy; readonly expected: number }
  | { readonly type: 'RegisterService'; readonly service: string; readonly settings: ServiceSettings }
  | { readonly type: 'RemoveService'; readonly service: string };

function evolve(domain: Domain, event: Happened<DomainFact>): Domain {
  switch (event.type) {
    case 'DomainCreated':
    case 'DomainRenamed':
      return { ...domain, displayName: event.data.displayName };
    case 'PolicyChanged':
      return {
        ...domain,
        policy: completePolicy(event.data.policy),
        policyVersion: event.data.policyVersion,
      };
    case 'ServiceRegistered': {
      const { service, ...settings } = event.data;
      return { ...domain, services: new Map(domain.services).set(service, settings) };
    }
    case 'ServiceRemoved': {
      const services = new Map(domain.services);
      services.delete(event.data.service);
      return { ...domain, services };
    }
    default:
      return domain;
  }
}

function decide(command: DomainCommand, domain: Domain): DomainFact[] {
  if (command.type === 'NameDomain') {
    const { displayName } = command;
    if (domain.displayName === displayName) return [];
    return [
      { type: domain.displayName === undefined ? 'DomainCreated' : 'DomainRenamed', data: { displayName } },
    ];
  }
  if (domain.displayName === undefined) throw refuse('not-found');
  switch (command.type) {
    case 'ReplacePolicy': {
      if (command.expected !== domain.policyVersion) throw refuse('precondition-failed');
      if (isDeepStrictEqual(command.policy, domain.policy)) return [];
      return [
        { type: 'PolicyChanged', data: { policyVersion: domain.policyVersion + 1, policy: command.policy } },
      ];
    }
    case 'RegisterService': {
      const { service, settings } = command;
      if (isDeepStrictEqual(domain.services.get(service), settings)) return [];
      return [
        { type: 'ServiceRegistered', data: { service, ...settings, returnUrls: [...settings.returnUrls] } },
      ];
    }
    case 'RemoveService':
      if (!domain.services.has(command.service)) throw refuse('not-found');
      return [{ type: 'ServiceRemoved', data: { service: command.service } }];
  }
}

export const domainDecider: Decider<DomainCommand, DomainFact, Domain> = {
  initialState: () => ({
    displayName: undefined,
    policy: DEFAULT_POLICY,
    policyVersion: 0,
    services: new Map(),
  }),
  evolve,
  decide,
};
