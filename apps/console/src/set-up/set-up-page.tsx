import { useEffect, useState } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { leaveFor } from '../api/leave.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Sheet } from '../design/sheet.tsx';
import type { Session } from '../signed-in.tsx';
import { texts, when } from '../texts/index.ts';
import { Connect } from './connect.tsx';
import { Head } from './head.tsx';
import { SaveCodes } from './save-codes.tsx';

type Security = Schemas['Security'];
type Step = 'connect' | 'codes';

/** One more method, for who has two-step verification on already. */
const isAdding = location.hash === '#add';

/**
 * A method, then the codes, then two-step verification goes on. Where it stops half-way it goes on from what the account has: a
 * method that is confirmed is not asked for again, unless it was in another session; codes that work are replaced only by who says so.
 */
export function SetUpPage({ session }: { readonly session: Session }) {
  const { common, setUp, recoveryCode } = texts;
  const { domain, organisation, userId } = session;
  const params = { path: { domain, user: userId } };
  const [security, setSecurity] = useState<Security>();
  const [step, setStep] = useState<Step>();
  const [note, setNote] = useState<string>();
  const loading = useCall();
  const ending = useCall();
  const load = () =>
    loading.call(async () => {
      const now = await ask(() => api.GET('/v1/domains/{domain}/users/{user}/security', { params }));
      setSecurity(now);
      const has = now.factors.some(({ status }) => status === 'confirmed');
      setStep(has && !isAdding ? 'codes' : 'connect');
    });
  useEffect(() => void load(), []);
  /** A session that was for setting up goes on as a whole one. */
  const goOn = async () => {
    await ask(() => api.POST('/v1/identity/sessions', { body: {} }));
    await leaveFor('/security', 'replace');
  };
  /** @param batchId of a set that was made now */
  const finish = (batchId: string | undefined) =>
    ending.call(async () => {
      if (batchId !== undefined)
        await ask(() =>
          api.POST('/v1/domains/{domain}/users/{user}/recovery-codes/saved', { params, body: { batchId } }),
        );
      try {
        if (!security!.twoStep.enabled)
          await ask(() => api.POST('/v1/domains/{domain}/users/{user}/two-step/enable', { params }));
      } catch (error) {
        // the method was confirmed in another session, on a password alone: here it has to be shown once more
        if (!(error instanceof Refused && error.problem.code === 'not-enrolled')) throw error;
        await load();
        setNote(setUp.connectAgain);
        return setStep('connect');
      }
      await goOn();
    });
  const skip = () =>
    ending.call(async () => {
      await ask(() => api.POST('/v1/domains/{domain}/users/{user}/two-step/skip', { params, body: {} }));
      await goOn();
    });
  const fault = loading.fault ?? ending.fault;
  return (
    <Sheet title={setUp.title} organisation={organisation} wider hasLanguages={step !== 'codes'}>
      <div className="stack xl">
        {!isAdding && <Steps step={step} />}
        {fault !== undefined && <Fault id="fault">{sentenceOf(fault)}</Fault>}
        {step === undefined && <Head title={setUp.title} />}
        {step === undefined &&
          (loading.fault === undefined ? (
            <p aria-busy="true">{common.loading}</p>
          ) : (
            <div>
              <button className="btn" type="button" onClick={() => void load()}>
                {common.tryAgain}
              </button>
            </div>
          ))}
        {step === 'connect' && security && (
          <Connect
            session={session}
            enrollable={security.enrollable}
            isAdding={isAdding}
            note={note}
            onDone={() => (isAdding ? void leaveFor('/security', 'replace') : setStep('codes'))}
          />
        )}
        {step === 'codes' && security && (
          <>
            <Head title={recoveryCode.save} lead={recoveryCode.saveText} takesFocus />
            <SaveCodes
              session={session}
              existing={security.recoveryCodes}
              done={security.twoStep.enabled ? setUp.finish : setUp.turnOn}
              isOn={security.twoStep.enabled}
              busy={ending.busy}
              onSaved={(batchId) => void finish(batchId)}
            />
          </>
        )}
        {session.scope === 'enroll' && security && <Skip security={security} onSkip={() => void skip()} />}
      </div>
    </Sheet>
  );
}

function Steps({ step }: { readonly step: Step | undefined }) {
  const { setUp } = texts;
  return (
    <ol className="steps" aria-label={setUp.steps}>
      <li {...(step === 'connect' ? { 'aria-current': 'step' } : { className: 'done' })}>{setUp.connect}</li>
      <li {...(step === 'codes' && { 'aria-current': 'step' })}>{setUp.codes}</li>
    </ol>
  );
}

/** Not now, where the policy still lets the person put it off. */
function Skip({
  security: { twoStep },
  onSkip,
}: {
  readonly security: Security;
  readonly onSkip: () => void;
}) {
  const { setUp } = texts;
  if (twoStep.enabled || twoStep.required) return null;
  return (
    <section className="stack s no-print">
      <p className="small">
        {setUp.skipText}
        {twoStep.deadline !== undefined && ` ${setUp.deadline(when(new Date(twoStep.deadline)))}`}
      </p>
      <div>
        <button className="btn plain small" type="button" onClick={onSkip}>
          {setUp.skip}
        </button>
      </div>
    </section>
  );
}
