import Type from 'typebox';
import { event, oneOf, type EventOf } from './event.ts';

// These names are the storage format: they outlive every refactoring.

/** The name of a call, as in the API's description (`operationId`). */
const call = () => Type.String({ pattern: '^[A-Za-z]{1,64}$' });

/** Somebody looked: a search, an export, a stream of the log; or had read models made anew. */
export const accessLogged = event('AccessLogged', { call: call() });

/** A call that takes a role was refused to somebody who is known. Of many in an hour only the first few stand here. */
export const accessRefused = event('AccessRefused', {
  call: call(),
  role: oneOf('operator', 'service', 'auditor', 'help-desk', 'administrator', 'person'),
  code: oneOf('forbidden', 'step-up-required'),
});

export type AccessFact = EventOf<typeof accessLogged> | EventOf<typeof accessRefused>;

export const ACCESS_EVENTS = [accessLogged, accessRefused];
