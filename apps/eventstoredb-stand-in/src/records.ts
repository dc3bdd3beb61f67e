/** An event as a client proposes it. */
export interface ProposedEvent {
  /** A UUID in lower case. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** An event as it stands in the log, its bytes as they came. */
export interface RecordedEvent extends ProposedEvent {
  readonly stream: string;
  /** Its place in the stream: 0, 1, 2, … */
  readonly revision: number;
  /** Its place in the whole log, commit and prepare position in one; it grows with the bytes written, so it has gaps. */
  readonly position: number;
  /** Unix milliseconds. */
  readonly created: number;
}

/** What a filter looks at. */
export type Heading = Pick<RecordedEvent, 'position' | 'stream' | 'type'>;

export type Expected = 'any' | 'no-stream' | 'stream-exists' | number;

export interface Append {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
  /** The stream is deleted with it. */
  readonly isLast?: boolean;
}

/** Where an accepted append, or the one that it repeats, ends; -1 and nothing where there was no event at all. */
export interface Accepted {
  readonly accepted: true;
  readonly revision: number;
  readonly position: number | undefined;
}

/** The stream ends at another revision, -1 for no stream, `DELETED` for one that takes no more. */
export interface WrongVersion {
  readonly accepted: false;
  readonly current: number;
}

export type Outcome = Accepted | WrongVersion;
