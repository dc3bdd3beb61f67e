import {
  completePolicy,
  DEFAULT_POLICY,
  IDENTITY_SERVICE,
  refuse,
  type DomainFact,
  type EventKey,
  type Policy,
  type ProviderClaims,
  type Role,
} from '@sparekey/contracts';
import type { Decider, Happened } from '@sparekey/event-sourcing';
import { isDeepStrictEqual } from 'node:util';

/*
 * An identity domain: its name, its policy, the internal services that may ask about its people, their roles, and the
 * organisation's own OpenID providers.
 *
 * - Nothing is said of a domain before it is created.
 * - The reference sign-in service is registered from the beginning, and may be removed like any other.
 * - A policy replaces the version that its writer has seen, or not at all.
 * - Saying again what stands is no fact.
 */

export interface ServiceSettings {
  readonly displayName: string;
  readonly returnUrls: readonly string[];
  readonly onBehalf: boolean;
  readonly manages?: boolean;
  /** What it signs by, when it says something by event. */
  readonly eventKeys?: readonly EventKey[];
}

export interface ProviderSettings {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly clientId?: string;
  readonly claims: ProviderClaims;
}

export interface Domain {
  readonly displayName: string | undefined;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly services: ReadonlyMap<string, ServiceSettings>;
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  readonly providers: ReadonlyMap<string, ProviderSettings>;
}

export type DomainCommand =
  | { readonly type: 'NameDomain'; readonly displayName: string }
  | { readonly type: 'ReplacePolicy'; readonly policy: Policy; readonly expected: number }
  | { readonly type: 'RegisterService'; readonly service: string; readonly settings: ServiceSettings }
  | { readonly type: 'RemoveService'; readonly service: string }
  | { readonly type: 'ChangeRoles'; readonly user: string; readonly roles: readonly Role[] }
  | { readonly type: 'SetProvider'; readonly provider: string; readonly settings: ProviderSettings }
  | { readonly type: 'RemoveProvider'; readonly provider: string };

const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> =>
  new Map([...map].filter(([name]) => name !== key));

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
    case 'ServiceRemoved':
      return { ...domain, services: without(domain.services, event.data.service) };
    case 'RolesChanged': {
      const { user, roles } = event.data;
      return { ...domain, roles: new Map(domain.roles).set(user, roles) };
    }
    case 'IdentityProviderSet': {
      const { provider, ...settings } = event.data;
      return { ...domain, providers: new Map(domain.providers).set(provider, settings) };
    }
    case 'IdentityProviderRemoved':
      return { ...domain, providers: without(domain.providers, event.data.provider) };
    default:
      return domain;
  }
}

const SIGN_IN_SERVICE = {
  service: IDENTITY_SERVICE,
  displayName: 'Sparekey sign-in',
  returnUrls: [],
  onBehalf: false,
};

function decide(command: DomainCommand, domain: Domain): DomainFact[] {
  if (command.type === 'NameDomain') {
    const { displayName } = command;
    if (domain.displayName === displayName) return [];
    if (domain.displayName !== undefined) return [{ type: 'DomainRenamed', data: { displayName } }];
    return [
      { type: 'DomainCreated', data: { displayName } },
      { type: 'ServiceRegistered', data: SIGN_IN_SERVICE },
    ];
  }
  if (domain.displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
  return change(command, domain);
}

const copied = ({ returnUrls, eventKeys, ...rest }: ServiceSettings) => ({
  ...rest,
  returnUrls: [...returnUrls],
  ...(eventKeys && { eventKeys: [...eventKeys] }),
});

type Replace = Extract<DomainCommand, { type: 'ReplacePolicy' }>;

function replacePolicy({ policy, expected }: Replace, domain: Domain): DomainFact[] {
  if (expected !== domain.policyVersion) throw refuse('precondition-failed');
  if (isDeepStrictEqual(policy, domain.policy)) return [];
  return [{ type: 'PolicyChanged', data: { policyVersion: domain.policyVersion + 1, policy } }];
}

type Change = Exclude<DomainCommand, { type: 'NameDomain' }>;

function change(command: Change, domain: Domain): DomainFact[] {
  switch (command.type) {
    case 'ReplacePolicy':
      return replacePolicy(command, domain);
    case 'RegisterService': {
      const { service, settings } = command;
      if (isDeepStrictEqual(domain.services.get(service), settings)) return [];
      return [{ type: 'ServiceRegistered', data: { service, ...copied(settings) } }];
    }
    case 'RemoveService':
      if (!domain.services.has(command.service))
        throw refuse('not-found', { detail: 'there is no such service' });
      return [{ type: 'ServiceRemoved', data: { service: command.service } }];
    case 'ChangeRoles': {
      const { user } = command;
      const roles = [...command.roles].sort();
      if (isDeepStrictEqual(domain.roles.get(user) ?? [], roles)) return [];
      return [{ type: 'RolesChanged', data: { user, roles } }];
    }
    case 'SetProvider': {
      const { provider, settings } = command;
      if (isDeepStrictEqual(domain.providers.get(provider), settings)) return [];
      return [{ type: 'IdentityProviderSet', data: { provider, ...settings } }];
    }
    case 'RemoveProvider':
      if (!domain.providers.has(command.provider))
        throw refuse('not-found', { detail: 'there is no such identity provider' });
      return [{ type: 'IdentityProviderRemoved', data: { provider: command.provider } }];
  }
}

export const domainDecider: Decider<DomainCommand, DomainFact, Domain> = {
  initialState: () => ({
    displayName: undefined,
    policy: DEFAULT_POLICY,
    policyVersion: 0,
    services: new Map(),
    roles: new Map(),
    providers: new Map(),
  }),
  evolve,
  decide,
};
