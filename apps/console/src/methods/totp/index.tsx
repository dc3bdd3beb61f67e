import { Smartphone } from 'lucide-react';
import { texts } from '../../texts/index.ts';
import type { Method } from '../method.ts';
import { AskTotp } from './ask.tsx';
import { SetUpTotp } from './set-up.tsx';

/** Authenticator apps. */
export const totp: Method = {
  type: 'totp',
  name: texts.totp.name,
  Icon: Smartphone,
  offer: texts.totp.offer,
  notAccepted: texts.code.notAccepted,
  Ask: AskTotp,
  setUp: {
    choose: texts.totp.choose,
    title: texts.totp.connect,
    lead: texts.totp.connectText,
    Form: SetUpTotp,
  },
};
