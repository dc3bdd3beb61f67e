import {
  domainFold,
  evolveDomain,
  IDENTITY_SERVICE,
  refuse,
  type DomainFact,
  type DomainView,
  type EventKey,
  type IdentityProvider,
  type Policy,
  type ProviderClaims,
  type RegisteredService,
  type Role,
} from '@sparekey/contracts';
import type { Decider } from '@sparekey/event-sourcing';
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

export type DomainCommand =
  | { readonly type: 'NameDomain'; readonly displayName: string }
  | { readonly type: 'ReplacePolicy'; readonly policy: Policy; readonly expected: number }
  | { readonly type: 'RegisterService'; readonly service: string; readonly settings: ServiceSettings }
  | { readonly type: 'RemoveService'; readonly service: string }
  | { readonly type: 'ChangeRoles'; readonly user: string; readonly roles: readonly Role[] }
  | { readonly type: 'SetProvider'; readonly provider: string; readonly settings: ProviderSettings }
  | { readonly type: 'RemoveProvider'; readonly provider: string };

const SIGN_IN_SERVICE = {
  service: IDENTITY_SERVICE,
  displayName: 'Sparekey sign-in',
  returnUrls: [],
  onBehalf: false,
};

function decide(command: DomainCommand, domain: DomainView): DomainFact[] {
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

/** What somebody set, without what the log adds to it. */
function asItWasSet(kept: RegisteredService | IdentityProvider | undefined): object | undefined {
  if (!kept) return undefined;
  const { since: _since, subjectIssuer: _issuer, ...settings } = { since: 0, subjectIssuer: '', ...kept };
  return settings;
}

type Replace = Extract<DomainCommand, { type: 'ReplacePolicy' }>;

function replacePolicy({ policy, expected }: Replace, domain: DomainView): DomainFact[] {
  if (expected !== domain.policyVersion) throw refuse('precondition-failed');
  if (isDeepStrictEqual(policy, domain.policy)) return [];
  return [{ type: 'PolicyChanged', data: { policyVersion: domain.policyVersion + 1, policy } }];
}

type Change = Exclude<DomainCommand, { type: 'NameDomain' }>;

function change(command: Change, domain: DomainView): DomainFact[] {
  switch (command.type) {
    case 'ReplacePolicy':
      return replacePolicy(command, domain);
    case 'RegisterService': {
      const { service, settings } = command;
      if (isDeepStrictEqual(asItWasSet(domain.services.get(service)), settings)) return [];
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
      if (isDeepStrictEqual(asItWasSet(domain.providers.get(provider)), settings)) return [];
      return [{ type: 'IdentityProviderSet', data: { provider, ...settings } }];
    }
    case 'RemoveProvider':
      if (!domain.providers.has(command.provider))
        throw refuse('not-found', { detail: 'there is no such identity provider' });
      return [{ type: 'IdentityProviderRemoved', data: { provider: command.provider } }];
  }
}

export const domainDecider: Decider<DomainCommand, DomainFact, DomainView> = {
  initialState: () => domainFold.initialState(),
  evolve: evolveDomain,
  decide,
};
