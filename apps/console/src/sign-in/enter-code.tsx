import type { ReactNode } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Sheet } from '../design/sheet.tsx';
import { AnswerChallenge } from '../methods/answer-challenge.tsx';
import type { Challenge } from '../methods/challenge.ts';
import { texts } from '../texts/index.ts';

/** The second step: who asks, the code, the other ways, and a way out for who did not start it. */
export function EnterCode({
  organisation,
  asks,
  challenge,
  onOver,
  onPassed,
}: {
  readonly organisation?: string | undefined;
  /** Who asks, from where and when. */
  readonly asks: ReactNode;
  readonly challenge: Challenge;
  /** It let nobody in. @param sentence what the person is told */
  readonly onOver: (sentence: string) => void;
  readonly onPassed: (passed: Schemas['Passed']) => Promise<void>;
}) {
  const { code } = texts;
  const { fault, call } = useCall();
  const cancel = () =>
    call(async () => {
      const params = { path: { challengeId: challenge.challengeId } };
      try {
        await ask(() => api.POST('/v1/challenges/{challengeId}/cancel', { params }));
      } catch (error) {
        const isOver = error instanceof Refused && /^challenge-/.test(error.problem.code);
        if (!isOver) throw error;
      }
      onOver(code.cancelled);
    });
  return (
    <Sheet title={code.title} organisation={organisation}>
      <div className="stack xl">
        <div className="stack l">
          <AnswerChallenge
            challenge={challenge}
            heading={(asked, isClosed) => (
              <div className="sheet-title">
                <h1>{isClosed ? code.closedTitle : asked}</h1>
                <p>{isClosed ? code.closedText : asks}</p>
              </div>
            )}
            onPassed={onPassed}
            onOver={onOver}
          />
        </div>
        <section className="stack s" aria-labelledby="not-you">
          <h2 id="not-you" className="small">
            {code.notYou}
          </h2>
          <p className="small">{code.notYouText}</p>
          {fault !== undefined && <Fault id="not-you-fault">{sentenceOf(fault)}</Fault>}
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
