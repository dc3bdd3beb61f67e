// stands at: libs/canonical/src/forbidden.ts
// refused by: canonical
import { refuse } from '@sparekey/contracts';

export { refuse };
