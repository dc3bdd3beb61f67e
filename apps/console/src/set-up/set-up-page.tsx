import { useEffect, useState } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Sheet } from '../design/sheet.tsx';
import { methodOf } from '../methods/index.ts';
import { signInAgain, type Session } from '../signed-in.tsx';
import { texts, when } from '../texts/index.ts';
import { SaveCodes } from './save-codes.tsx';

type Step = 'connect' | 'codes';

/** One more app, for who has two-step verification on already. */
const isAdding = location.hash === '#app';

/**
 * An app, then the codes, then two-step verification goes on. Where it stops half-way it goes on from what the account has:
 * an app that is confirmed is not asked for again, codes that were not saved are made anew.
 */
export function SetUpPage({ session }: { readonly session: Session }) {
  const { setUp, totp, recoveryCode } = texts;
  const { domain, organisation, userId, login = userId } = session;
  const params = { path: { domain, user: userId } };
  const [security, setSecurity] = useState<Schemas['Security']>();
  const [step, setStep] = useState<Step>();
  const loading = useCall();
  const ending = useCall();
  const load = () =>
    loading.call(async () => {
      const now = await ask(api.GET('/v1/domains/{domain}/users/{user}/security', { params }));
      setSecurity(now);
      const has = now.factors.some(({ status }) => status === 'confirmed');
      setStep(has && !isAdding ? 'codes' : 'connect');
    });
  useEffect(() => void load(), []);
  const finish = (batchId: string) =>
    ending.call(async () => {
      await ask(
        api.POST('/v1/domains/{domain}/users/{user}/recovery-codes/saved', { params, body: { batchId } }),
      );
      if (!security!.twoStep.enabled)
        await ask(api.POST('/v1/domains/{domain}/users/{user}/two-step/enable', { params }));
      // a session that was for setting up goes on as a whole one
      await ask(api.POST('/v1/identity/sessions', { body: {} }));
      location.assign('/security');
    });
  const skip = () =>
    ending.call(async () => {
      await ask(api.POST('/v1/domains/{domain}/users/{user}/two-step/skip', { params, body: {} }));
      await ask(api.POST('/v1/identity/sessions', { body: {} }));
      location.assign('/security');
    });
  const fault = loading.fault ?? ending.fault;
  if (fault instanceof Refused && fault.problem.code === 'step-up-required') signInAgain(session, 'again');
  const [title, lead] =
    step === 'codes'
      ? [recoveryCode.save, recoveryCode.saveText]
      : [isAdding ? setUp.addApp : totp.connect, totp.connectText];
  const SetUp = methodOf('totp')!.SetUp!;
  return (
    <Sheet title={setUp.title} organisation={organisation} wider>
      <div className="stack xl">
        {!isAdding && <Steps step={step} />}
        <div className="sheet-title">
          <h1>{title}</h1>
          <p>{lead}</p>
        </div>
        {fault !== undefined && <Fault id="fault">{sentenceOf(fault)}</Fault>}
        {step === 'connect' && (
          <SetUp
            domain={domain}
            userId={userId}
            login={login}
            onDone={() => (isAdding ? location.assign('/security') : setStep('codes'))}
          />
        )}
        {step === 'codes' && (
          <SaveCodes
            session={session}
            done={security?.twoStep.enabled ? setUp.finish : setUp.turnOn}
            busy={ending.busy}
            onSaved={(batchId) => void finish(batchId)}
          />
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
  readonly security: Schemas['Security'];
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
