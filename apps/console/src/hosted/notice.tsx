import { useState } from 'react';
import { api, ask, Refused } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Submit } from '../design/field.tsx';
import { Sheet } from '../design/sheet.tsx';
import { say } from './texts.ts';

/** Behind the link of a mail: it names nobody, and does nothing before the button is pressed; a scanner that follows it ends nothing. */
export function Notice() {
  const handle = location.hash.slice(1);
  const { notice } = say;
  const [end, setEnd] = useState(handle === '' ? notice.gone : undefined);
  const { busy, fault, call } = useCall();
  const repudiate = () =>
    void call(async () => {
      try {
        const params = { path: { handle } };
        await ask(() => api.POST('/v1/notices/{handle}/repudiate', { params }));
        setEnd(notice.done);
      } catch (error) {
        const code = error instanceof Refused ? error.problem.code : '';
        if (code === 'not-found' || code === 'challenge-expired') return setEnd(notice.gone);
        if (code === 'policy-refused') return setEnd(notice.refused);
        throw error;
      }
    });
  return (
    <Sheet title={notice.title}>
      <form
        className="stack l"
        onSubmit={(event) => {
          event.preventDefault();
          repudiate();
        }}
      >
        <div className="sheet-title">
          <h1>{notice.title}</h1>
          <p role="status">{end ?? notice.question}</p>
        </div>
        {fault !== undefined && <Fault id="fault">{sentenceOf(fault)}</Fault>}
        {end === undefined && <Submit busy={busy}>{notice.button}</Submit>}
        {end !== undefined && (
          <div>
            <a className="btn" href="/sign-in">
              {notice.signIn}
            </a>
          </div>
        )}
      </form>
    </Sheet>
  );
}
