import { useRef } from 'react';
import { DigitsField, Submit } from '../../design/field.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import type { AskProps } from '../method.ts';

export function AskTotp({ name, digits, fault, rejected, busy, onAnswer }: AskProps) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={form}
      className="stack l"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer({ code: typed(event.currentTarget, 'code') });
      }}
    >
      <DigitsField
        label={texts.totp.label}
        hint={texts.totp.hint(name)}
        digits={digits}
        fault={fault}
        rejected={rejected}
        onWhole={() => form.current!.requestSubmit()}
      />
      <Submit busy={busy}>{texts.common.continue}</Submit>
    </form>
  );
}
