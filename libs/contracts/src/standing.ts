import type { Envelope, Fold } from '@sparekey/event-sourcing';
import type { FactorsFact } from './enrollment-events.ts';

/** How a user stands, as far as every room asks. */
export interface Standing {
  readonly known: boolean;
  /** Unix milliseconds. */
  readonly registeredAt: number;
  readonly twoStep: boolean;
  /** The session in which it went on, where it was one. */
  readonly enabledIn?: string;
  /** What was made under another epoch is dead. */
  readonly epoch: number;
}

/** For readers of the factors stream. */
export const standingFold: Fold<Standing> = {
  initialState: () => ({ known: false, registeredAt: 0, twoStep: false, epoch: 0 }),
  evolve: (standing, envelope: Envelope) => {
    const event = envelope as FactorsFact & { time: number };
    switch (event.type) {
      case 'UserRegistered':
        return { ...standing, known: true, registeredAt: event.time };
      case 'TwoStepEnabled': {
        const { enabledIn: _, ...before } = standing;
        const { sessionId } = event.data;
        return { ...before, twoStep: true, ...(sessionId !== undefined && { enabledIn: sessionId }) };
      }
      case 'TwoStepDisabled': {
        const { enabledIn: _, ...before } = standing;
        return { ...before, twoStep: false, epoch: event.data.epoch };
      }
      default:
        return standing;
    }
  },
};
