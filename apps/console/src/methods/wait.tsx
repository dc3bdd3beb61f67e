import { useEffect, useState } from 'react';
import { clockTime, texts } from '../texts/index.ts';

const SECOND = 1_000;

/** How long codes are closed, counting down; it goes on by itself when they open. */
export function Wait({ until, onOver }: { readonly until: number; readonly onOver: () => void }) {
  const { code } = texts;
  const [now, setNow] = useState(Date.now);
  const [whole] = useState(() => Math.max(SECOND, until - Date.now()));
  const left = Math.max(0, Math.ceil((until - now) / SECOND));
  const isOver = left === 0;
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(ticking);
  }, []);
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);
  const opens = new Date(until);
  return (
    <div className="wait">
      <p className="big" role="timer" aria-label={code.timeLeft(Math.ceil(left / 60))}>
        {written(left)}
      </p>
      <div className="bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, (left * SECOND * 100) / whole)}%` }} />
      </div>
      <p className="hint">
        <time dateTime={opens.toISOString()}>{code.opensAt(clockTime(opens))}</time>
      </p>
    </div>
  );
}

/** Such as 4:12, or 1:04:12. */
function written(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
