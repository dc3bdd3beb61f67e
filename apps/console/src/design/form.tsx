import { ChevronDown } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { Fault } from './fault.tsx';

interface Common {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Several lines: one thing each. */
export function Lines({
  name,
  label,
  hint,
  fault,
  lines,
  rows = 3,
}: Common & {
  readonly lines: readonly string[];
  readonly fault?: string | undefined;
  readonly rows?: number;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        className="input"
        id={id}
        name={name}
        rows={rows}
        defaultValue={lines.join('\n')}
        spellCheck={false}
        autoCapitalize="off"
        aria-describedby={`${id}-hint ${id}-fault`}
        aria-invalid={fault !== undefined}
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

/** @returns what stands on the lines of a {@link Lines} */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** One of a few. */
export function Choice({
  name,
  label,
  hint,
  chosen,
  options,
  onChoose,
}: Common & {
  readonly chosen: string;
  /** What is sent, and how it is called. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose?: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Select id={id} name={name} chosen={chosen} options={options} {...(onChoose && { onChoose })} />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Its label stands elsewhere. */
export const Select = ({
  id,
  name,
  chosen,
  options,
  onChoose,
}: {
  readonly id: string;
  readonly name: string;
  readonly chosen: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose?: (value: string) => void;
}) => (
  <span className="select">
    <select
      id={id}
      name={name}
      defaultValue={chosen}
      aria-describedby={`${id}-hint`}
      onChange={({ currentTarget }) => onChoose?.(currentTarget.value)}
    >
      {options.map(([value, text]) => (
        <option key={value} value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </select>
    <ChevronDown className="icon icon-s" aria-hidden="true" />
  </span>
);

/** Yes or no, with what a yes means. */
export function Tick({
  name,
  label,
  hint,
  checked = false,
}: Common & { readonly checked?: boolean }): ReactNode {
  const id = useId();
  return (
    <div className="choice">
      <input
        className="tick"
        type="checkbox"
        id={id}
        name={name}
        defaultChecked={checked}
        aria-describedby={`${id}-hint`}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
