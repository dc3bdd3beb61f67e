import type { NotifiedType } from '../notice-policy.ts';

/** What a text may name. */
export interface Named {
  /** What people know the organisation by. */
  readonly organisation: string;
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
  /** @param when in the reader's words */
  readonly happened: (when: string) => string;
  readonly ifYou: string;
  /** Before the link. */
  readonly notMe: string;
  /** Where there is no link. */
  readonly askHelp: string;
  /** To administrators, instead of all that. */
  readonly lookUp: string;
  readonly automatic: (organisation: string) => string;
}
