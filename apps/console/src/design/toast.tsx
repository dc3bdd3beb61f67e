import { CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { wasReloaded } from '../api/reload.ts';
import { texts } from '../texts/index.ts';

const SHOWN_MS = 8_000;
let show: ((text: string) => void) | undefined;

/** Says what has just been done, for eight seconds. Never for what went wrong. */
export const toast = (text: string): void => show?.(text);

/** Where it is said: once a page. */
export function Toasts() {
  const [said, setSaid] = useState(wasReloaded() ? texts.common.updated : undefined);
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    show = setSaid;
    return () => {
      show = undefined;
    };
  }, []);
  useEffect(() => {
    if (said === undefined || isHeld) return undefined;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said, isHeld]);
  return (
    <div role="status">
      {said !== undefined && (
        <p className="toast" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
          <CircleCheck className="icon icon-s" aria-hidden="true" />
          {said}
        </p>
      )}
    </div>
  );
}
