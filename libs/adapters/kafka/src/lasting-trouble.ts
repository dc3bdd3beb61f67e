/** A broker that starts, or a group that is made anew, is of age within this time. */
const PASSING_MS = 5_000;

/** Trouble that passes by itself within a few seconds is no news; what lasts is told once, with its latest cause. */
export class LastingTrouble {
  readonly #tell: (cause: string) => void;
  #cause = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (cause: string) => void) {
    this.#tell = tell;
  }

  begins(cause: string): void {
    this.#cause = cause;
    this.#timer ??= setTimeout(() => this.#tell(this.#cause), PASSING_MS).unref();
  }

  isOver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
