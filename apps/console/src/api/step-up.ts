type Missing = readonly ('password' | 'second-step')[];
type StepUp = (missing: Missing) => Promise<void>;

let asker: StepUp | undefined;

/** Whether there is a page that can ask for a fresher proof in its place. */
export const canStepUp = (): boolean => asker !== undefined;

/** @param asks shows what is missing; it resolves once the session is fresher, and rejects where the person leaves it */
export function onStepUp(asks: StepUp | undefined): void {
  asker = asks;
}

export const stepUp: StepUp = (missing) => asker!(missing);
