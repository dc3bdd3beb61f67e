import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { texts } from '../texts/index.ts';
import { Fault } from './fault.tsx';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly autoComplete?: string;
  readonly defaultValue?: string;
  readonly autoFocus?: boolean;
  /** It may stay empty. */
  readonly optional?: boolean;
  readonly type?: string;
  /** What stands in it when it is left. */
  readonly onLeave?: (text: string) => void;
}

/** Its label above and always visible, its hint and what is wrong below. */
export function Field({
  label,
  hint,
  fault,
  autoFocus = false,
  optional = false,
  onLeave,
  ...input
}: FieldProps) {
  const id = useId();
  const ref = useFocus(autoFocus, fault);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={ref}
        className="input"
        id={id}
        type="text"
        required={!optional}
        onBlur={({ currentTarget }) => onLeave?.(currentTarget.value)}
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint ${id}-fault`}
        {...input}
      />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </div>
  );
}

export function PasswordField({
  label,
  name,
  fault,
  autoComplete = 'current-password',
  hint,
  optional = false,
}: {
  readonly label: string;
  readonly name: string;
  readonly fault: string | undefined;
  readonly autoComplete?: string;
  readonly hint?: string;
  readonly optional?: boolean;
}) {
  const id = useId();
  const ref = useFocus(false, fault);
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="with-end">
        <input
          ref={ref}
          className="input"
          id={id}
          name={name}
          aria-invalid={fault !== undefined}
          aria-describedby={`${id}-hint ${id}-fault`}
          type={shown ? 'text' : 'password'}
          autoComplete={autoComplete}
          autoCapitalize="off"
          spellCheck={false}
          required={!optional}
        />
        <button
          className="btn plain small"
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? texts.signIn.hide : texts.signIn.show}
        </button>
      </div>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </div>
  );
}

/** Digits in one input, drawn as two groups; takes any spacing. A whole code is sent by itself, once. */
export function DigitsField({
  label,
  hint,
  fault,
  rejected,
  onWhole,
  heading = false,
  digits: length = 6,
}: {
  readonly label: string;
  readonly hint: string;
  readonly fault: string | undefined;
  /** It was wrong, and leaves the field: who presses Enter once more spends no second try on it. */
  readonly rejected: boolean;
  readonly onWhole: () => void;
  /** What stands above says what it is: the label is heard alone. */
  readonly heading?: boolean;
  /** How many there are. */
  readonly digits?: number | undefined;
}) {
  const id = useId();
  const sent = useRef(false);
  const half = Math.ceil(length / 2);
  const ref = useFocus(true, fault);
  useLayoutEffect(() => {
    if (rejected) ref.current!.value = '';
  }, [fault, rejected]);
  return (
    <div className="field">
      <label htmlFor={id} className={heading ? 'only-heard' : undefined}>
        {label}
      </label>
      <div className="code-box">
        <div className="code">
          <span />
          <span />
          <input
            ref={ref}
            id={id}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={16}
            spellCheck={false}
            required
            aria-invalid={fault !== undefined}
            aria-describedby={`${id}-hint ${id}-fault`}
            onChange={({ currentTarget }) => {
              const digits = currentTarget.value.replaceAll(/\D/g, '').slice(0, length);
              currentTarget.value =
                digits.length > half ? `${digits.slice(0, half)} ${digits.slice(half)}` : digits;
              if (digits.length === length && !sent.current) {
                sent.current = true;
                onWhole();
              }
            }}
          />
        </div>
      </div>
      <p className="hint" id={`${id}-hint`}>
        {hint}
      </p>
      {fault !== undefined && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </div>
  );
}

/**
 * Goes to a field when its page appears, which the browser itself does for the first page alone, and when it was refused: with
 * all of it selected, so that typing replaces it.
 */
function useFocus(wanted: boolean, fault: string | undefined) {
  const ref = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (wanted || fault !== undefined) ref.current?.focus();
    if (fault !== undefined) ref.current?.select();
  }, [fault]);
  return ref;
}

export function Submit({ busy, children }: { readonly busy: boolean; readonly children: ReactNode }) {
  return (
    <button
      className={busy ? 'btn primary wide busy' : 'btn primary wide'}
      type="submit"
      aria-disabled={busy}
    >
      {busy ? texts.common.working : children}
    </button>
  );
}
