import { ChevronRight } from 'lucide-react';
import type { Schemas } from '../../api/client.ts';
import { methodOf } from '../../methods/index.ts';
import { dateOf, exactly, timeOfDay } from '../../texts/index.ts';
import { ACTIONS } from './actions.ts';
import { say } from './texts.ts';

type Entry = Schemas['AuditEntry'];

/** Entries under their days; each opens to all that it holds. */
export function Entries({
  entries,
  heading: Heading = 'h3',
}: {
  readonly entries: readonly Entry[];
  /** Of which rank days are. */
  readonly heading?: 'h2' | 'h3';
}) {
  const days = Map.groupBy(entries, ({ at }) => dateOf(new Date(at)));
  const today = dateOf(new Date());
  return (
    <ol className="entries">
      {[...days].flatMap(([day, ofDay]) => [
        <li className="day" key={day}>
          <Heading>{day === today ? say.today(day) : day}</Heading>
        </li>,
        ...ofDay.map((entry) => (
          <li key={entry.id}>
            <Shown entry={entry} />
          </li>
        )),
      ])}
    </ol>
  );
}

function Shown({ entry }: { readonly entry: Entry }) {
  const { at, action, outcome, userId, actor, context } = entry;
  const moment = new Date(at);
  const isByThemselves = actor.kind === 'user' && actor.id === userId;
  return (
    <details className="entry">
      <summary>
        <time dateTime={at} title={exactly(moment)}>
          {timeOfDay(moment)}
        </time>
        <span className="what">
          {userId !== undefined && (
            <>
              <b>
                <bdi>{userId}</bdi>
              </b>
              {' · '}
            </>
          )}
          {ACTIONS[action] ?? action}
          {outcome === 'failure' && <span className="badge warn">{say.outcomes.failure}</span>}
        </span>
        <span className="by">
          <bdi>{isByThemselves ? context?.ip : `${actor.id}, ${say.actors[actor.kind]}`}</bdi>
        </span>
        <ChevronRight className="icon icon-s chevron" aria-hidden="true" />
      </summary>
      <div className="entry-body">
        <dl className="facts-list">
          {factsOf(entry).map(([term, fact, isCode]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd className={isCode ? 'mono' : undefined}>
                <bdi>{fact}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  );
}

type Fact = readonly [term: string, fact: string, isCode?: boolean];

/** All that an entry holds, in the words of the page; ids and the detail as they are. */
function factsOf({
  id,
  at,
  action,
  outcome,
  userId,
  actor,
  factor,
  method,
  code,
  service,
  challengeRef,
  sessionId,
  requestId,
  context,
  detail,
}: Entry): Fact[] {
  const { fields } = say;
  const kind = factor?.type ?? method;
  const named = [factor?.name, kind !== undefined && (methodOf(kind)?.name ?? kind)]
    .filter(Boolean)
    .join(', ');
  const facts: readonly (readonly [string, string | undefined, boolean?])[] = [
    [fields.at, exactly(new Date(at))],
    [fields.user, userId],
    [fields.actor, `${actor.id}, ${say.actors[actor.kind]}`],
    [fields.outcome, say.outcomes[outcome]],
    [fields.method, named === '' ? undefined : named],
    [fields.code, code?.number === undefined ? undefined : say.codeNumber(code.number)],
    [fields.service, service],
    [fields.ip, context?.ip],
    [fields.agent, context?.userAgent],
    [fields.detail, detail === undefined ? undefined : JSON.stringify(detail), true],
    [fields.action, action, true],
    [fields.challenge, challengeRef, true],
    [fields.session, sessionId, true],
    [fields.request, requestId, true],
    [fields.id, id, true],
  ];
  return facts.filter((fact): fact is Fact => fact[1] !== undefined);
}
