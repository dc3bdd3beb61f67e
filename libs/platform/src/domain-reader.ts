import {
  codec,
  completePolicy,
  DEFAULT_POLICY,
  domainStream,
  type DomainFact,
  type Policy,
} from '@sparekey/contracts';
import { FoldCache, type Envelope, type EventStore, type Folded } from '@sparekey/event-sourcing';

export interface RegisteredService {
  readonly displayName: string;
  readonly onBehalf: boolean;
  /** When it was registered, or registered again after a removal (Unix milliseconds). */
  readonly since: number;
}

/** What every room reads of a domain. */
export interface DomainView {
  readonly displayName: string | undefined;
  readonly policy: Policy;
  readonly services: ReadonlyMap<string, RegisteredService>;
}

const initialState = (): DomainView => ({
  displayName: undefined,
  policy: DEFAULT_POLICY,
  services: new Map(),
});

function evolve(domain: DomainView, envelope: Envelope): DomainView {
  const event = envelope as DomainFact & { time: number };
  switch (event.type) {
    case 'DomainCreated':
    case 'DomainRenamed':
      return { ...domain, displayName: event.data.displayName };
    case 'PolicyChanged':
      return { ...domain, policy: completePolicy(event.data.policy) };
    case 'ServiceRegistered': {
      const { service, displayName, onBehalf } = event.data;
      const since = domain.services.get(service)?.since ?? event.time;
      return { ...domain, services: new Map(domain.services).set(service, { displayName, onBehalf, since }) };
    }
    case 'ServiceRemoved':
      return {
        ...domain,
        services: new Map([...domain.services].filter(([name]) => name !== event.data.service)),
      };
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
