import { scaleLinear, scaleUtc } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { dayAndMonth, numbered } from '../../texts/index.ts';
import { say } from './texts.ts';

/** How a day ended. */
export interface Day {
  readonly at: Date;
  readonly safe: number;
  readonly off: number;
  readonly lockedOut: number;
}

const LINES = [
  { key: 'safe', name: say.lineSafe, colour: 'var(--chart-1)', dashes: undefined },
  { key: 'off', name: say.lineOff, colour: 'var(--chart-2)', dashes: '7 5' },
  { key: 'lockedOut', name: say.lineLockedOut, colour: 'var(--chart-3)', dashes: undefined },
] as const;

/** Labels that would lie on one another are moved apart (px). */
const LABEL = 16;

/** Three lines, named where they end; drawn once for desks and once for phones. The same stands in a table below. */
export const Chart = ({ days }: { readonly days: readonly Day[] }) => (
  <>
    <Drawn days={days} className="chart for-desk" width={900} height={280} right={150} isNamed />
    <Drawn days={days} className="chart for-phone" width={280} height={260} right={6} isNamed={false} />
    <ul className="key for-phone" aria-hidden="true">
      {LINES.map(({ key, name }, n) => (
        <li key={key}>
          <span className={`swatch c${n + 1}`} />
          <span>{name}</span>
        </li>
      ))}
    </ul>
  </>
);

function Drawn({
  days,
  className,
  width,
  height,
  right,
  isNamed,
}: {
  readonly days: readonly Day[];
  readonly className: string;
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly isNamed: boolean;
}) {
  const [first, last] = [days[0]!, days.at(-1)!];
  const most = Math.max(...days.flatMap(({ safe, off, lockedOut }) => [safe, off, lockedOut]), 1);
  const y = scaleLinear([0, most], [height - 28, 28]).nice(3);
  const x = scaleUtc([first.at, last.at], [44, width - right]);
  const labels = LINES.map((one) => ({ ...one, at: y(last[one.key]) })).sort((a, b) => a.at - b.at);
  labels.forEach((label, n) => {
    const above = labels[n - 1];
    if (above && label.at - above.at < LABEL) label.at = above.at + LABEL;
  });
  const sentence = say.chart(
    dayAndMonth(first.at),
    dayAndMonth(last.at),
    LINES.map(({ key, name }) => say.went(name, numbered(first[key]), numbered(last[key]))).join('; '),
  );
  return (
    <svg className={className} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={sentence}>
      {y
        .ticks(3)
        .filter(Number.isInteger)
        .map((tick) => (
          <g key={tick}>
            <path className="grid" d={`M44 ${y(tick)}H${width - right}`} />
            <text x="36" y={y(tick) + 4} textAnchor="end">
              {numbered(tick)}
            </text>
          </g>
        ))}
      {LINES.map(({ key, colour, dashes }) => (
        <g key={key}>
          <path
            d={
              line<Day>(
                ({ at }) => x(at),
                (day) => y(day[key]),
              ).curve(curveStepAfter)(days) ?? ''
            }
            fill="none"
            stroke={colour}
            strokeWidth="2.25"
            strokeDasharray={dashes}
            strokeLinejoin="round"
            strokeLinecap="round"
          />
          <circle cx={x(last.at)} cy={y(last[key])} r="4" fill={colour} />
        </g>
      ))}
      {isNamed &&
        labels.map(({ key, name, at }) => (
          <text key={key} className="strong" x={width - right + 12} y={at + 4}>
            {name} {numbered(last[key])}
          </text>
        ))}
      <text x="44" y={height - 4} textAnchor="start">
        {dayAndMonth(first.at)}
      </text>
      <text x={width - right} y={height - 4} textAnchor="end">
        {dayAndMonth(last.at)}
      </text>
    </svg>
  );
}
