import { ChevronRight } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { sentenceOf } from '../design/fault.tsx';
import { Sheet } from '../design/sheet.tsx';
import { methodOf } from '../methods/index.ts';
import { texts } from '../texts/index.ts';
import type { Challenge } from './challenge.ts';

type Offer = Challenge['methods'][number];

/** The second step: what is asked for first, and the other ways beside it. */
export function EnterCode({
  organisation,
  challenge: { challengeId, methods, preferred },
  onEnd,
  onDone,
}: {
  readonly organisation: string;
  readonly challenge: Challenge;
  /** It is over and let nobody in. @param sentence what the person is told */
  readonly onEnd: (sentence: string) => void;
  readonly onDone: () => Promise<never>;
}) {
  const { code } = texts;
  const known = methods.filter(({ method }) => methodOf(method));
  const [chosen, choose] = useState<Offer>(methodOf(preferred.method) ? preferred : known[0]!);
  const { busy, fault, call, clear } = useCall();
  const params = { path: { challengeId } };
  /** What it was passed with: where only the exchange for a session is lost, that alone is tried again. */
  const result = useRef<string>(undefined);
  const pass = async (answer: object) => {
    const { method, factorId } = chosen;
    const body = { method, ...(factorId !== undefined && { factorId }), ...answer } as Schemas['AnswerBody'];
    try {
      const passed = await ask(api.POST('/v1/challenges/{challengeId}/answers', { params, body }));
      if ('result' in passed) result.current = passed.result;
    } catch (error) {
      const { code: refused, attemptsLeft } = error instanceof Refused ? error.problem : { code: '' };
      if (refused === 'challenge-expired') return onEnd(code.expired);
      if (refused === 'challenge-closed') return onEnd(code.closed);
      if (attemptsLeft === 0) return onEnd(code.over);
      throw error;
    }
  };
  const send = (answer: object) =>
    call(async () => {
      if (result.current === undefined) await pass(answer);
      if (result.current === undefined) return;
      await ask(api.POST('/v1/identity/sessions', { body: { result: result.current } }));
      await onDone();
    });
  const cancel = () =>
    call(async () => {
      try {
        await ask(api.POST('/v1/challenges/{challengeId}/cancel', { params }));
      } catch (error) {
        const isOver = error instanceof Refused && /^challenge-/.test(error.problem.code);
        if (!isOver) throw error;
      }
      onEnd(code.cancelled);
    });
  const { Ask, notAccepted } = methodOf(chosen.method)!;
  const rejected = fault instanceof Refused && fault.problem.code === 'code-rejected';
  const others = known.filter((one) => one !== chosen && !isSame(one, chosen));
  return (
    <Sheet title={code.title} organisation={organisation}>
      <div className="stack xl">
        <div className="stack l">
          <div className="sheet-title">
            <h1>{code.title}</h1>
            <p>{code.asks(organisation)}</p>
          </div>
          <Ask
            key={`${chosen.method} ${chosen.factorId}`}
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
            onAnswer={(answer) => void send(answer)}
          />
        </div>
        {others.length > 0 && (
          <section className="ways" aria-labelledby="ways">
            <h2 id="ways">{code.tryAnother}</h2>
            <ul className="rows">
              {others.map((one) => (
                <li key={`${one.method} ${one.factorId}`}>
                  <Way
                    offer={one}
                    onChoose={() => {
                      clear();
                      choose(one);
                    }}
                  />
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className="stack s" aria-labelledby="not-you">
          <h2 id="not-you" className="small">
            {code.notYou}
          </h2>
          <p className="small">{code.notYouText}</p>
          <div>
            <button className="btn small danger-line" type="button" onClick={() => void cancel()}>
              {code.notYouButton}
            </button>
          </div>
        </section>
      </div>
    </Sheet>
  );
}

const isSame = (a: Offer, b: Offer) => a.method === b.method && a.factorId === b.factorId;

function Way({ offer, onChoose }: { readonly offer: Offer; readonly onChoose: () => void }) {
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
        <span className="facts">{asks}</span>
      </span>
      <ChevronRight className="icon icon-s chevron" aria-hidden="true" />
    </button>
  );
}
