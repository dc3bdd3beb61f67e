import { SlidersHorizontal } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Choice } from '../../design/form.tsx';
import { Field } from '../../design/field.tsx';
import { ACTIONS } from './actions.ts';
import { say } from './texts.ts';

const FILTERS = ['user', 'action', 'outcome', 'from', 'to'] as const;

/** What is looked for; it lives in the address, so that it can be kept and passed on. On a phone it is folded until it is wanted. */
export function Filters({
  search,
  onChange,
}: {
  readonly search: URLSearchParams;
  readonly onChange: (search: Record<string, string>) => void;
}) {
  const has = FILTERS.some((name) => search.has(name));
  const [isOpen, setOpen] = useState(has);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // the way back leads through what was asked before
    for (const name of FILTERS) {
      const field = form.current!.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
      field.value = search.get(name) ?? '';
    }
  }, [search]);
  const byName = Object.entries(ACTIONS).sort(([, one], [, other]) => one.localeCompare(other));
  return (
    <>
      <div className="fold">
        <button className="btn small" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <SlidersHorizontal className="icon icon-s" aria-hidden="true" />
          {say.filters}
        </button>
      </div>
      <form
        ref={form}
        className={isOpen ? 'filters' : 'filters folded'}
        role="search"
        aria-label={say.filters}
        onSubmit={(event) => {
          event.preventDefault();
          const asked = [...new FormData(event.currentTarget)].flatMap(([name, value]) =>
            typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
          );
          onChange(Object.fromEntries(asked));
        }}
      >
        <Field
          name="user"
          label={say.person}
          hint={say.personHint}
          autoComplete="off"
          defaultValue={search.get('user') ?? ''}
          optional
        />
        <Choice
          name="action"
          label={say.action}
          chosen={search.get('action') ?? ''}
          options={[['', say.anything], ...byName]}
        />
        <Choice
          name="outcome"
          label={say.outcome}
          chosen={search.get('outcome') ?? ''}
          options={[['', say.either], ...Object.entries(say.outcomes)]}
        />
        <Field
          name="from"
          label={say.from}
          type="datetime-local"
          defaultValue={search.get('from') ?? ''}
          optional
        />
        <Field
          name="to"
          label={say.to}
          type="datetime-local"
          defaultValue={search.get('to') ?? ''}
          optional
        />
        <div className="actions">
          <button className="btn" type="submit">
            {say.apply}
          </button>
          {has && (
            <button className="btn plain" type="button" onClick={() => onChange({})}>
              {say.clear}
            </button>
          )}
        </div>
      </form>
    </>
  );
}
