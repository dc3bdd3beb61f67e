import type { Actor } from '@sparekey/event-sourcing';
import type { Sentence } from '../letter.ts';
import type { NotifiedType } from '../notice-policy.ts';

/** What a text may name. */
export interface Named {
  /** What people know the organisation by. */
  readonly organisation: string;
  /** What the person calls the factor that it is about, where it has a name. */
  readonly method?: string;
  /** Whom it is about, where it is another person. */
  readonly user?: string;
  /** The number of a code, and how many are left. */
  readonly number?: number;
  readonly left?: number;
  /** There are few left. */
  readonly few?: boolean;
  /** Until when something waits, in the reader's words. */
  readonly until?: string;
}

export interface Text {
  readonly subject: string;
  /** One paragraph: what happened. */
  readonly body: string;
}

/** The texts of one language: adding a notice is adding it in every one of them. */
export interface Catalogue {
  readonly notices: Readonly<Record<NotifiedType, (named: Named) => Text>>;
  /** The code comes first: a lock screen shows the beginning. */
  readonly code: (named: {
    readonly organisation: string;
    readonly code: string;
    readonly minutes: number;
  }) => Text;
  readonly when: string;
  readonly doneBy: string;
  /** Who showed what the reader shows, which may be another: it is theirs to say. */
  readonly you: string;
  /** @param kind of an actor, such as `service` */
  readonly by: (kind: Actor['kind'], id: string) => string;
  readonly ifYou: Sentence;
  /** Before the link. */
  readonly notMe: Sentence;
  readonly notMeButton: string;
  /** Where there is no link. */
  readonly askHelp: Sentence;
  /** To administrators, instead of all that. */
  readonly lookUp: Sentence;
  readonly automatic: (organisation: string) => string;
  /** The same, to administrators. */
  readonly automaticToAdministrators: (organisation: string) => string;
}
