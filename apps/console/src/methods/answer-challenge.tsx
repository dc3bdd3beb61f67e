import { ChevronRight } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { sentenceOf } from '../design/fault.tsx';
import { clockTime, texts } from '../texts/index.ts';
import type { Challenge, Offer } from './challenge.ts';
import { methodOf } from './index.ts';
import { useWaits } from './use-waits.ts';
import { Wait } from './wait.tsx';

/** What is asked for first, and the other ways beside it. While the one is closed, how long it is, and what works now. */
export function AnswerChallenge({
  challenge,
  heading,
  onPassed,
  onOver,
}: {
  readonly challenge: Challenge;
  /** What stands above it. @param asked what it asks for @param isClosed it waits, after too many wrong codes */
  readonly heading?: (asked: string, isClosed: boolean) => ReactNode;
  /** Where this fails it alone is tried again, and the answer not spent once more. */
  readonly onPassed: (passed: Schemas['Passed']) => Promise<void>;
  /** It is over and let nobody in. @param sentence what the person is told */
  readonly onOver: (sentence: string) => void;
}) {
  const { code } = texts;
  const { challengeId, preferred } = challenge;
  const waits = useWaits(challenge);
  const known = waits.offers.filter(({ method }) => methodOf(method));
  const [chosen, choose] = useState<Offer>(methodOf(preferred.method) ? preferred : known[0]!);
  const { busy, fault, call, clear } = useCall();
  const passed = useRef<Schemas['Passed']>(undefined);
  const pass = async (answer: object) => {
    const { method, factorId } = chosen;
    const params = { path: { challengeId } };
    const body = { method, ...(factorId !== undefined && { factorId }), ...answer } as Schemas['AnswerBody'];
    try {
      passed.current = await ask(() => api.POST('/v1/challenges/{challengeId}/answers', { params, body }));
    } catch (error) {
      const { code: refused, ...more } = error instanceof Refused ? error.problem : { code: '' };
      const { attemptsLeft, retryAfter } = more as Partial<Refused['problem']>;
      if (refused === 'locked' && retryAfter !== undefined) return waits.refused(method, retryAfter);
      if (refused === 'challenge-expired') return onOver(code.expired);
      if (refused === 'challenge-closed') return onOver(code.closed);
      if (attemptsLeft === 0) return onOver(code.over);
      throw error;
    }
  };
  const send = (answer: object) =>
    call(async () => {
      if (passed.current === undefined) await pass(answer);
      if (passed.current === undefined) return;
      try {
        await onPassed(passed.current);
      } catch (error) {
        // what may go better the next time is tried again; with anything else this answer leads nowhere
        const { code } = error instanceof Refused ? error.problem : { code: 'internal' };
        if (!['offline', 'busy', 'not-ready', 'too-many-requests'].includes(code)) passed.current = undefined;
        throw error;
      }
    });
  const { Ask, heading: asked = code.title, notAccepted } = methodOf(chosen.method)!;
  const rejected = fault instanceof Refused && fault.problem.code === 'code-rejected';
  const closedUntil = waits.until(chosen);
  const isOver = closedUntil !== undefined && waits.isOver(chosen);
  const isClosed = closedUntil !== undefined;
  const others = known.filter((one) => !isSame(one, chosen));
  const allWork = others.every((one) => waits.until(one) === undefined);
  return (
    <>
      {heading?.(asked, isClosed)}
      {isClosed ? (
        <Wait
          key={closedUntil}
          until={closedUntil}
          isOver={isOver}
          onOpen={() => (isOver ? onOver(code.closedBefore) : waits.tryNow(chosen.method))}
        />
      ) : (
        <Ask
          key={`${chosen.method} ${chosen.factorId}`}
          challengeId={challengeId}
          name={chosen.name}
          digits={chosen.digits}
          busy={busy}
          fault={
            rejected
              ? notAccepted(fault.problem.attemptsLeft ?? 0)
              : fault === undefined
                ? undefined
                : sentenceOf(fault)
          }
          rejected={rejected}
          onAnswer={(answer) => void send(answer)}
          onOver={onOver}
        />
      )}
      {others.length > 0 && (
        <Ways title={isClosed && allWork ? code.worksNow : code.tryAnother}>
          {others.map((one) => (
            <li key={`${one.method} ${one.factorId}`}>
              <Way
                offer={one}
                closedUntil={waits.until(one)}
                onChoose={() => {
                  clear();
                  choose(one);
                }}
              />
            </li>
          ))}
        </Ways>
      )}
      {isClosed && <p className="small">{code.helpDesk}</p>}
    </>
  );
}

const isSame = (a: Offer, b: Offer) => a.method === b.method && a.factorId === b.factorId;

const Ways = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="ways" aria-labelledby="ways">
    <h2 id="ways">{title}</h2>
    <ul className="rows">{children}</ul>
  </section>
);

function Way({
  offer,
  closedUntil,
  onChoose,
}: {
  readonly offer: Offer;
  readonly closedUntil: number | undefined;
  readonly onChoose: () => void;
}) {
  const { Icon, name, offer: asks } = methodOf(offer.method)!;
  return (
    <button className="row row-link" type="button" onClick={onChoose}>
      <span className="lead">
        <Icon className="icon" aria-hidden="true" />
      </span>
      <span className="text">
        <span className="name">
          <bdi>{offer.name ?? name}</bdi>
        </span>
        <span className="facts">
          {closedUntil === undefined ? asks : texts.code.opens(clockTime(new Date(closedUntil)))}
        </span>
      </span>
      <ChevronRight className="icon icon-s chevron" aria-hidden="true" />
    </button>
  );
}
