import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Check, CircleMinus, Plus, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import { typed } from '../../design/typed.ts';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { exactly, numbered, when } from '../../texts/index.ts';
import '../administration.css';
import { AddPerson } from './add-person.tsx';
import { calledBy } from './called.ts';
import { say } from './texts.ts';

type Person = Schemas['Users']['items'][number];
const STATES = ['on', 'off', 'no-second-way', 'codes-low', 'deadline-near'] as const;
type State = (typeof STATES)[number];

/** How many there are of each. */
const countsOf = ({
  people,
  twoStep,
  noSecondWay,
  codesLow,
  deadlineNear,
}: Schemas['Readiness']): Readonly<Record<State | 'everybody', number>> => ({
  everybody: people,
  on: twoStep,
  off: people - twoStep,
  'no-second-way': noSecondWay,
  'codes-low': codesLow,
  'deadline-near': deadlineNear,
});

/** Who there is, and who stands out; what is looked for stands in the address. */
export default function PeoplePage({ session }: PageProps) {
  const { domain, organisation, roles } = session;
  const [search, setSearch] = useSearchParams();
  const asked = search.get('query') ?? '';
  const state = STATES.find((one) => one === search.get('state'));
  const cursor = search.get('cursor') ?? undefined;
  const query = useQuery({
    queryKey: ['people', domain, asked, state, cursor],
    placeholderData: keepPreviousData,
    queryFn: () =>
      ask(() =>
        api.GET('/v1/domains/{domain}/users', {
          params: {
            path: { domain },
            query: {
              ...(asked !== '' && { query: asked }),
              ...(state !== undefined && { state }),
              ...(cursor !== undefined && { cursor }),
            },
          },
        }),
      ),
  });
  const readiness = useQuery({
    queryKey: ['readiness', domain],
    enabled: roles.includes('administrator'),
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/readiness', { params: { path: { domain } } })),
  });
  const [isAdding, setAdding] = useState(false);
  const [, go] = useLocation();
  const counts = readiness.data && countsOf(readiness.data);
  return (
    <Page
      wide
      title={names.people}
      actions={
        roles.includes('administrator') && (
          <button className="btn small" type="button" onClick={() => setAdding(true)}>
            <Plus className="icon icon-s" aria-hidden="true" />
            {say.add}
          </button>
        )
      }
    >
      <div className="tools">
        <SearchField asked={asked} onAsk={(text) => setSearch(text === '' ? {} : { query: text })} />
        <div className="chips" role="group" aria-label={say.filters}>
          {([undefined, ...STATES] as const).map((one) => (
            <Link
              key={one ?? 'everybody'}
              className="chip"
              href={one === undefined ? '/people' : `/people?state=${one}`}
              aria-current={one === state && asked === '' ? 'true' : undefined}
            >
              {say.states[one ?? 'everybody']}
              {counts && <span className="num">{numbered(counts[one ?? 'everybody'])}</span>}
            </Link>
          ))}
        </div>
      </div>
      <Loaded of={query} ghosts={10}>
        {({ items, next }) =>
          items.length === 0 ? (
            <p className="empty">{asked === '' ? say.none : say.notFound(asked)}</p>
          ) : (
            <div className="stack" aria-busy={query.isPlaceholderData}>
              <People people={items} organisation={organisation} />
              <div className="table-foot">
                <span />
                <div className="actions">
                  {cursor !== undefined && (
                    <button className="btn small" type="button" onClick={() => history.back()}>
                      {say.back}
                    </button>
                  )}
                  {next !== null && (
                    <Link className="btn small" href={`/people?${withCursor(search, next)}`}>
                      {say.next}
                    </Link>
                  )}
                </div>
              </div>
            </div>
          )
        }
      </Loaded>
      <AddPerson
        domain={domain}
        open={isAdding}
        onClose={() => setAdding(false)}
        onAdded={(userId) => go(`/people/${encodeURIComponent(userId)}`)}
      />
    </Page>
  );
}

const withCursor = (search: URLSearchParams, cursor: string): string =>
  String(new URLSearchParams([...[...search].filter(([name]) => name !== 'cursor'), ['cursor', cursor]]));

/** `/` leads to it from anywhere on the page. */
function SearchField({ asked, onAsk }: { readonly asked: string; readonly onAsk: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current!.value = asked; // the way back leads through what was asked before
  }, [asked]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element).closest('input, textarea, select, dialog');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <form
      role="search"
      className="with-icon"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(typed(event.currentTarget, 'query').trim());
      }}
    >
      <Search className="icon" aria-hidden="true" />
      <label className="only-heard" htmlFor="query">
        {say.search}
      </label>
      <input
        ref={field}
        className="input"
        id="query"
        name="query"
        type="search"
        defaultValue={asked}
        placeholder={say.searchHint}
        maxLength={320}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
    </form>
  );
}

const People = ({
  people,
  organisation,
}: {
  readonly people: readonly Person[];
  readonly organisation: string;
}) => (
  <table className="table folds">
    <caption className="only-heard">{say.caption(organisation)}</caption>
    <thead>
      <tr>
        <th scope="col">{say.person}</th>
        <th scope="col">{say.secondStep}</th>
        <th scope="col">{say.methods}</th>
        <th scope="col">{say.withoutPhone}</th>
        <th scope="col" className="end">
          {say.lastSignedIn}
        </th>
      </tr>
    </thead>
    <tbody>
      {people.map((person) => (
        <Row key={person.userId} person={person} />
      ))}
    </tbody>
  </table>
);

function Row({ person }: { readonly person: Person }) {
  const { userId, emails = [], twoStep, factors, recoveryCodes, secondWayIn, lastSignInAt } = person;
  const called = calledBy(person);
  const sub = [emails[0], userId].find((text) => text !== undefined && text !== called);
  const State = twoStep.enabled ? Check : CircleMinus;
  return (
    <tr>
      <td className="first">
        <Link className="who" href={`/people/${encodeURIComponent(userId)}`}>
          <bdi>{called}</bdi>
        </Link>
        {sub !== undefined && (
          <span className="sub">
            <bdi>{sub}</bdi>
          </span>
        )}
      </td>
      <td>
        <span className="state">
          <State className="icon icon-s" aria-hidden="true" />
          {twoStep.enabled ? say.on : say.off}
        </span>
      </td>
      <td className="less">{say.held(factors, recoveryCodes.remaining)}</td>
      <td>
        {secondWayIn === false ? (
          <span className="badge danger">{say.lockedOut}</span>
        ) : (
          <span className="quiet">{secondWayIn ? say.anotherWay : say.passwordOnly}</span>
        )}
      </td>
      <td className="less end nowrap">
        {lastSignInAt === undefined ? (
          say.never
        ) : (
          <time dateTime={lastSignInAt} title={exactly(new Date(lastSignInAt))}>
            {when(new Date(lastSignInAt))}
          </time>
        )}
      </td>
    </tr>
  );
}
