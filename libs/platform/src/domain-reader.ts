import { canonicalIssuer } from '@sparekey/canonical';
import {
  codec,
  completePolicy,
  DEFAULT_POLICY,
  domainStream,
  type DomainFact,
  type EventKey,
  type Policy,
  type ProviderClaims,
  type Role,
} from '@sparekey/contracts';
import { FoldCache, type Envelope, type EventStore, type Folded } from '@sparekey/event-sourcing';

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

/** What every room reads of a domain. */
export interface DomainView {
  readonly displayName: string | undefined;
  readonly policy: Policy;
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
  services: new Map(),
  roles: new Map(),
  providers: new Map(),
  issuers: new Map(),
});

const without = <V>(map: ReadonlyMap<string, V>, key: string) =>
  new Map([...map].filter(([name]) => name !== key));

function evolve(domain: DomainView, envelope: Envelope): DomainView {
  const event = envelope as DomainFact & { time: number };
  switch (event.type) {
    case 'DomainCreated':
    case 'DomainRenamed':
      return { ...domain, displayName: event.data.displayName };
    case 'PolicyChanged':
      return { ...domain, policy: completePolicy(event.data.policy) };
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

/** Reads domains as they stand at the end of their streams. */
export class DomainReader {
  readonly #cache: FoldCache<DomainView>;

  constructor(store: EventStore) {
    this.#cache = new FoldCache(store, codec, { initialState, evolve }, 4_096);
  }

  load(domain: string): Promise<Folded<DomainView>> {
    return this.#cache.load(domainStream(domain));
  }
}
