import type { Schemas } from '../api/client.ts';

/** A second step that is asked for, and the ways to give it. */
export type Challenge = Schemas['SecondStepAsked']['challenge'];
