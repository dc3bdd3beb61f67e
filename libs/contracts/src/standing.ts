import type { Envelope, Fold } from '@sparekey/event-sourcing';
import type { FactorsFact } from './enrollment-events.ts';

/** How a user stands, as far as every room asks. */
export interface Standing {
  readonly known: boolean;
  /** Unix milliseconds. */
  readonly registeredAt: number;
  readonly twoStep: boolean;
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
      case 'TwoStepEnabled':
        return { ...standing, twoStep: true };
      case 'TwoStepDisabled':
        return { ...standing, twoStep: false, epoch: event.data.epoch };
      default:
        return standing;
    }
  },
};
