import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { TestClock } from '../fixed-clock.ts';

/** A clock that stands still for every process that has this file, until a test moves it on. */
export class FileClock implements TestClock {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  now(): number {
    return Number(readFileSync(this.#file, 'utf8'));
  }

  fault(): undefined {
    return undefined;
  }

  set(time: number): void {
    writeFileSync(`${this.#file}.new`, String(time));
    renameSync(`${this.#file}.new`, this.#file); // whole, or not at all, for who reads at the same time
  }

  advance(seconds: number): void {
    this.set(this.now() + seconds * 1_000);
  }
}
