import { Select } from '../../design/form.tsx';
import { numbered } from '../../texts/index.ts';
import { choiceOf, isSame, written, type PolicyField, type Value } from './fields.ts';
import { say } from './texts.ts';

/** One setting: what it is about, its control, what it was, its bound and where that comes from. */
export function Control({
  field,
  value,
  was,
  onChange,
}: {
  readonly field: PolicyField;
  readonly value: Value;
  /** As it is saved. */
  readonly was: Value;
  readonly onChange: (value: Value) => void;
}) {
  const { path, label, about, source, kind, minimum, maximum } = field;
  const bounds = kind === 'number' && say.bounds(numbered(minimum), numbered(maximum));
  return (
    <div className="setting">
      <div className="about">
        {field.isReadOnly ? <span className="label">{label}</span> : <label htmlFor={path}>{label}</label>}
        <p>{about}</p>
      </div>
      <div className="control">
        {field.isReadOnly ? (
          <p id={path}>{written(field, value)}</p>
        ) : (
          <Input field={field} value={value} onChange={onChange} />
        )}
        {!isSame(value, was) && <p className="was">{say.was(written(field, was))}</p>}
        <p className="source" id={`${path}-hint`}>
          {[bounds, source].filter(Boolean).join(' · ')}
        </p>
      </div>
    </div>
  );
}

function Input({
  field: { path, kind, unit, choices, minimum, maximum },
  value,
  onChange,
}: {
  readonly field: PolicyField;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  const common = { id: path, 'aria-describedby': `${path}-hint` };
  switch (kind) {
    case 'switch':
      return (
        <input
          {...common}
          className="switch"
          type="checkbox"
          role="switch"
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <span className="with-unit">
          <input
            {...common}
            className="input short"
            type="number"
            inputMode="numeric"
            required
            min={minimum}
            max={maximum}
            value={value as number}
            onChange={({ currentTarget }) =>
              currentTarget.value !== '' && onChange(currentTarget.valueAsNumber)
            }
          />
          {unit}
        </span>
      );
    case 'choice':
      return (
        <Select
          id={path}
          name={path}
          chosen={String(value)}
          options={choices.map((one) => [one, choiceOf(one)] as const)}
          onChoose={onChange}
        />
      );
    case 'text':
      return (
        <input
          {...common}
          className="input"
          type="text"
          value={String(value)}
          onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
        />
      );
    case 'lines':
      return (
        <textarea
          {...common}
          className="input mono"
          rows={3}
          spellCheck={false}
          defaultValue={(value as readonly string[]).join('\n')}
          onChange={({ currentTarget }) =>
            onChange(
              currentTarget.value
                .toLowerCase()
                .split(/\s+/)
                .filter((line) => line !== ''),
            )
          }
        />
      );
    case 'moment':
      return (
        <input
          {...common}
          className="input date"
          type="date"
          value={typeof value === 'string' ? value.slice(0, 10) : ''}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === '' ? undefined : `${currentTarget.value}T00:00:00Z`)
          }
        />
      );
  }
}
