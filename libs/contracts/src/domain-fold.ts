import { canonicalIssuer } from '@sparekey/canonical';
import type { Envelope, Fold } from '@sparekey/event-sourcing';
import type { DomainFact, EventKey, ProviderClaims, Role } from './enrollment-events.ts';
import { completePolicy, DEFAULT_POLICY, type Policy } from './policy.ts';

export interface RegisteredService {
  readonly displayName: string;
  readonly onBehalf: boolean;
  /** Exact addresses that hosted challenges may return to. */
  readonly returnUrls: readonly string[];
  /** May change contacts and passwords of people who exist already. */
  readonly manages?: boolean;
  /** Public keys by which it signs what it says by event. */
  readonly eventKeys?: readonly EventKey[];
  /** When it was registered, or registered again after a removal (Unix milliseconds). */
  readonly since: number;
}

/** The organisation's own OpenID provider. */
export interface IdentityProvider {
  readonly issuer: string;
  /** The issuer in the spelling in which the domain first knew it: people are called by digests over it. */
  readonly subjectIssuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly clientId?: string;
  readonly claims: ProviderClaims;
}

/** A domain as enrollment's stream has it: for the room that writes it, and for every reader. */
export interface DomainView {
  /** Nothing where there is no such domain. */
  readonly displayName: string | undefined;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly services: ReadonlyMap<string, RegisteredService>;
  /** What users hold beyond being users. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  readonly providers: ReadonlyMap<string, IdentityProvider>;
  /** First spelling of every issuer that the domain ever had, by its canonical form. */
  readonly issuers: ReadonlyMap<string, string>;
}

const initialState = (): DomainView => ({
  displayName: undefined,
  policy: DEFAULT_POLICY,
  policyVersion: 0,
  services: new Map(),
  roles: new Map(),
  providers: new Map(),
  issuers: new Map(),
});

const without = <V>(map: ReadonlyMap<string, V>, key: string) =>
  new Map([...map].filter(([name]) => name !== key));

type Said = DomainFact & { readonly time: number };

export function evolveDomain(domain: DomainView, event: Said): DomainView {
  switch (event.type) {
    case 'DomainCreated':
    case 'DomainRenamed':
      return { ...domain, displayName: event.data.displayName };
    case 'PolicyChanged': {
      const { policy, policyVersion } = event.data;
      return { ...domain, policy: completePolicy(policy), policyVersion };
    }
    case 'ServiceRegistered': {
      const { service, ...settings } = event.data;
      const since = domain.services.get(service)?.since ?? event.time;
      return { ...domain, services: new Map(domain.services).set(service, { ...settings, since }) };
    }
    case 'ServiceRemoved':
      return { ...domain, services: without(domain.services, event.data.service) };
    case 'RolesChanged': {
      const { user, roles } = event.data;
      return { ...domain, roles: new Map(domain.roles).set(user, roles) };
    }
    case 'IdentityProviderSet': {
      const { provider, ...settings } = event.data;
      const canonical = canonicalIssuer(settings.issuer);
      const subjectIssuer = domain.issuers.get(canonical) ?? settings.issuer;
      return {
        ...domain,
        issuers: new Map(domain.issuers).set(canonical, subjectIssuer),
        providers: new Map(domain.providers).set(provider, { ...settings, subjectIssuer }),
      };
    }
    case 'IdentityProviderRemoved':
      return { ...domain, providers: without(domain.providers, event.data.provider) };
    default:
      return domain;
  }
}

export const domainFold: Fold<DomainView> = {
  initialState,
  evolve: (domain, envelope: Envelope) => evolveDomain(domain, envelope as unknown as Said),
};
