import { useEffect, useRef, useState } from 'react';
import { clockTime, texts } from '../texts/index.ts';

const SECOND = 1_000;

/** How long codes are closed, counting down, and what comes then. */
export function Wait({
  until,
  isOver,
  onOpen,
}: {
  /** Unix milliseconds, by this browser's clock. */
  readonly until: number;
  /** This sign-in ends with it: another is begun when codes are open again. */
  readonly isOver: boolean;
  /** They are open again, or the person wants to see for themselves: the help desk may have opened them. */
  readonly onOpen: () => void;
}) {
  const { code } = texts;
  const [now, setNow] = useState(Date.now);
  const [whole] = useState(() => Math.max(SECOND, until - Date.now()));
  const place = useRef<HTMLDivElement>(null);
  const left = Math.max(0, Math.ceil((until - now) / SECOND));
  const hasEnded = left === 0;
  useEffect(() => {
    place.current?.focus(); // what had the focus is gone
    const ticking = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(ticking);
  }, []);
  useEffect(() => {
    if (hasEnded) onOpen();
  }, [hasEnded]);
  const opens = new Date(until);
  const minutes = code.timeLeft(Math.ceil(left / 60));
  return (
    <div className="wait" ref={place} tabIndex={-1} role="group" aria-label={code.closedTitle}>
      <p className="big" role="timer" aria-label={minutes}>
        {written(left)}
      </p>
      <span className="only-heard" role="status">
        {minutes}
      </span>
      <div className="bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, (left * SECOND * 100) / whole)}%` }} />
      </div>
      <p className="hint">
        <time dateTime={opens.toISOString()}>
          {(isOver ? code.signInAgainAt : code.opensAt)(clockTime(opens))}
        </time>
      </p>
      <div>
        <button className="btn small" type="button" onClick={onOpen}>
          {isOver ? code.signInAgain : code.tryNow}
        </button>
      </div>
    </div>
  );
}

/** Such as 4:12, or 1:04:12. */
function written(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
