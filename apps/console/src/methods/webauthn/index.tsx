import { KeyRound } from 'lucide-react';
import type { Method } from '../method.ts';
import { AskWebauthn } from './ask.tsx';
import { SetUpWebauthn } from './set-up.tsx';
import { tellName, tellWhatCounts } from './signals.ts';
import { say } from './texts.ts';

/** Security keys and passkeys. */
export const webauthn: Method = {
  type: 'webauthn',
  name: say.name,
  Icon: KeyRound,
  offer: say.offer,
  heading: say.heading,
  notAccepted: () => say.notAccepted,
  Ask: AskWebauthn,
  afterRemoval: tellWhatCounts,
  whenShown: tellName,
  setUp: { choose: say.choose, title: say.title, lead: say.lead, Form: SetUpWebauthn },
};
