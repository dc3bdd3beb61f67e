import { List } from 'lucide-react';
import { Field, Submit } from '../../design/field.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import type { AskProps, Method } from '../method.ts';

function AskRecoveryCode({ fault, busy, onAnswer }: AskProps) {
  return (
    <form
      className="stack l"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer({ code: typed(event.currentTarget, 'code') });
      }}
    >
      <Field
        name="code"
        label={texts.recoveryCode.label}
        hint={texts.recoveryCode.hint}
        fault={fault}
        autoComplete="off"
        autoFocus
      />
      <Submit busy={busy}>{texts.common.continue}</Submit>
    </form>
  );
}

/** The codes on paper. */
export const recoveryCode: Method = {
  type: 'recovery-code',
  name: texts.recoveryCode.name,
  Icon: List,
  offer: texts.recoveryCode.offer,
  notAccepted: texts.code.notAcceptedRecovery,
  Ask: AskRecoveryCode,
};
