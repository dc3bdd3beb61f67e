import { useQuery } from '@tanstack/react-query';
import { CalendarClock, List } from 'lucide-react';
import { Link } from 'wouter';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { dayAndMonth, numbered } from '../../texts/index.ts';
import '../administration.css';
import { Chart, type Day } from './chart.tsx';
import { say } from './texts.ts';

/** Who would still get in without their phone, today and over time. */
export default function ReadinessPage({ session: { domain } }: PageProps) {
  const query = useQuery({
    queryKey: ['readiness', domain],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/readiness', { params: { path: { domain } } })),
  });
  return (
    <Page wide title={names.readiness} lead={say.lead}>
      <Loaded of={query} ghosts={8}>
        {(readiness) =>
          readiness.people === 0 ? <p className="empty">{say.nobody}</p> : <Shown readiness={readiness} />
        }
      </Loaded>
    </Page>
  );
}

interface Counted {
  readonly people: number;
  readonly twoStep: number;
  readonly noSecondWay: number;
}

/** The three that add up to everybody. */
const threeOf = ({ people, twoStep, noSecondWay }: Counted) => ({
  safe: twoStep - noSecondWay,
  off: people - twoStep,
  lockedOut: noSecondWay,
});

function Shown({ readiness }: { readonly readiness: Schemas['Readiness'] }) {
  const { people, codesLow, deadlineNear, trend } = readiness;
  const { safe, off, lockedOut } = threeOf(readiness);
  const days: Day[] = trend.map(({ day, ...counted }) => ({ at: new Date(day), ...threeOf(counted) }));
  return (
    <>
      <section className="stack l" aria-labelledby="now">
        <div className="headline">
          <h2 className="big" id="now">
            {say.of(numbered(safe), numbered(people))}
          </h2>
          <p>{say.wouldGetIn(Math.round((safe / people) * 100))}</p>
        </div>
        <div
          className="share"
          role="img"
          aria-label={say.shares(numbered(safe), numbered(off), numbered(lockedOut))}
        >
          <i className="c1" style={{ flex: safe }} />
          <i className="c2" style={{ flex: off }} />
          <i className="c3" style={{ flex: lockedOut }} />
        </div>
        <ul className="key">
          <Key kind="c1" n={safe} text={say.safe} more={say.safeText} />
          <Key kind="c2" n={off} text={say.off} more={say.offText} state="off" />
          <Key kind="c3" n={lockedOut} text={say.lockedOut} more={say.lockedOutText} state="no-second-way" />
        </ul>
      </section>
      <section className="section" aria-labelledby="time">
        <div className="section-head">
          <h2 id="time">{say.overTime}</h2>
        </div>
        {days.length < 2 ? (
          <p className="small">{say.noTrend}</p>
        ) : (
          <>
            <Chart days={days} />
            <AsTable days={days} />
          </>
        )}
      </section>
      <section className="section" aria-labelledby="soon">
        <div className="section-head">
          <h2 id="soon">{say.comingUp}</h2>
        </div>
        <ul className="rows">
          {(
            [
              ['codes-low', List, codesLow, say.codesLow(codesLow)],
              ['deadline-near', CalendarClock, deadlineNear, say.deadlineNear(deadlineNear)],
            ] as const
          ).map(([state, Icon, n, text]) => (
            <li className="row" key={state}>
              <span className="lead">
                <Icon className="icon" aria-hidden="true" />
              </span>
              <p className="text">{text}</p>
              {n > 0 && (
                <div className="end">
                  <Link className="btn small" href={`/people?state=${state}`}>
                    {say.seeWhom}
                    <span className="only-heard">: {text}</span>
                  </Link>
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const Key = ({
  kind,
  n,
  text,
  more,
  state,
}: {
  readonly kind: string;
  readonly n: number;
  readonly text: string;
  readonly more: string;
  /** Which people these are. */
  readonly state?: string;
}) => (
  <li>
    <span className={`swatch ${kind}`} />
    <span>
      <b>{numbered(n)}</b> {text}
    </span>
    <p>
      {more}{' '}
      {state !== undefined && n > 0 && (
        <Link href={`/people?state=${state}`}>
          {say.seeWhom}
          <span className="only-heard"> {text}</span>
        </Link>
      )}
    </p>
  </li>
);

const AsTable = ({ days }: { readonly days: readonly Day[] }) => (
  <details className="more">
    <summary>{say.asTable}</summary>
    <div className="scrolls" tabIndex={0} role="group" aria-label={say.asTable}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say.day}</th>
            {[say.lineSafe, say.lineOff, say.lineLockedOut].map((name) => (
              <th key={name} scope="col" className="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ at, safe, off, lockedOut }) => (
            <tr key={at.getTime()}>
              <td>{dayAndMonth(at)}</td>
              {[safe, off, lockedOut].map((n, column) => (
                <td key={column} className="end">
                  {numbered(n)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
