import { List, Plus, Shield, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Shell } from '../design/shell.tsx';
import type { Session } from '../signed-in.tsx';
import { texts, when } from '../texts/index.ts';
import { FactorRow } from './factor-row.tsx';
import { Lately } from './lately.tsx';

type Security = Schemas['Security'];
/** So few codes are too few; the policy's own threshold decides when the person is told by mail. */
const FEW = 3;

/** What is on, what is missing and the one next thing; then each method, and the codes. */
export function SecurityPage({ session }: { readonly session: Session }) {
  const { security: say, common } = texts;
  const { domain, userId, scope } = session;
  // a recovery code opens a session for replacing an app: it makes no further codes
  const isByCode = scope === 'factors';
  const params = { path: { domain, user: userId } };
  const [security, setSecurity] = useState<Security>();
  const { fault, call } = useCall();
  const load = () =>
    call(async () =>
      setSecurity(await ask(api.GET('/v1/domains/{domain}/users/{user}/security', { params }))),
    );
  useEffect(() => void load(), []);
  const factors = security?.factors.filter(({ status }) => status !== 'pending') ?? [];
  return (
    <Shell session={session} title={say.title} lead={say.lead}>
      {fault !== undefined && (
        <div className="stack">
          <Fault id="fault">{sentenceOf(fault)}</Fault>
          <div>
            <button className="btn" type="button" onClick={() => void load()}>
              {common.tryAgain}
            </button>
          </div>
        </div>
      )}
      {security && (
        <>
          {isByCode && (
            <div className="banner warn">
              <p>{say.byCode}</p>
            </div>
          )}
          <Status security={security} mayMakeCodes={!isByCode} />
          <section className="section" aria-labelledby="methods">
            <div className="section-head">
              <h2 id="methods">{say.methods}</h2>
              {security.twoStep.enabled && (
                <a className="btn small" href="/set-up#app">
                  <Plus className="icon icon-s" aria-hidden="true" />
                  {say.add}
                </a>
              )}
            </div>
            {factors.length === 0 ? (
              <p className="small">{say.none}</p>
            ) : (
              <ul className="rows">
                {factors.map((factor) => (
                  <FactorRow
                    key={factor.factorId}
                    session={session}
                    factor={factor}
                    onChanged={() => void load()}
                  />
                ))}
              </ul>
            )}
          </section>
          {security.recoveryCodes && <Codes codes={security.recoveryCodes} mayMakeCodes={!isByCode} />}
          {!isByCode && <Lately session={session} />}
        </>
      )}
    </Shell>
  );
}

function Status({
  security: { twoStep, recoveryCodes },
  mayMakeCodes,
}: {
  readonly security: Security;
  readonly mayMakeCodes: boolean;
}) {
  const { security: say } = texts;
  const { saved = false, remaining = 0 } = recoveryCodes ?? {};
  const isSafe = saved && remaining > 0;
  const [Sign, title, text] = !twoStep.enabled
    ? ([Shield, say.off, say.offText] as const)
    : isSafe
      ? ([ShieldCheck, say.on, say.onSafe] as const)
      : ([ShieldAlert, say.on, remaining > 0 ? say.onUnsaved : say.onAlone] as const);
  return (
    <section className="status" aria-labelledby="status">
      <div className={twoStep.enabled && isSafe ? 'say' : 'say bad'}>
        <span className="sign">
          <Sign className="icon" aria-hidden="true" />
        </span>
        <h2 id="status">{title}</h2>
        <p>{text}</p>
      </div>
      {!twoStep.enabled && <Next title={say.nextSetUp} text={say.nextSetUpText} button={say.setUp} />}
      {twoStep.enabled && mayMakeCodes && (!isSafe || remaining <= FEW) && (
        <Next title={say.nextCodes} text={leftOf(recoveryCodes)} button={say.makeCodes} />
      )}
    </section>
  );
}

const leftOf = (codes: Security['recoveryCodes']): string =>
  codes?.saved ? texts.security.nextCodesText(codes.remaining, codes.total) : texts.security.nextCodesNone;

/** The one next thing. */
const Next = ({ title, text, button }: Readonly<Record<'title' | 'text' | 'button', string>>) => (
  <div className="next">
    <div>
      <h3>{title}</h3>
      <p>{text}</p>
    </div>
    <a className="btn primary" href="/set-up">
      {button}
    </a>
  </div>
);

function Codes({
  codes: { remaining, total, generatedAt },
  mayMakeCodes,
}: {
  readonly codes: NonNullable<Security['recoveryCodes']>;
  readonly mayMakeCodes: boolean;
}) {
  const { security: say } = texts;
  const isLow = remaining <= FEW;
  return (
    <section className="section" aria-labelledby="codes">
      <div className="section-head">
        <h2 id="codes">{say.codes}</h2>
      </div>
      <div className="rows">
        <div className="row codes-row">
          <span className="lead">
            <List className="icon" aria-hidden="true" />
          </span>
          <div className="text stack s">
            <p className="name">
              {say.codesLeft(remaining, total)} {isLow && <span className="badge warn">{say.fewLeft}</span>}
            </p>
            <div
              className={isLow ? 'meter low' : 'meter'}
              role="img"
              aria-label={say.codesLeft(remaining, total)}
            >
              {Array.from({ length: total }, (_, n) => (
                <i key={n} className={n < remaining ? 'left' : undefined} />
              ))}
            </div>
            <p className="facts">{say.codesMade(when(new Date(generatedAt)))}</p>
          </div>
          {mayMakeCodes && (
            <div className="end">
              <a className="btn small" href="/set-up">
                {say.makeCodes}
              </a>
            </div>
          )}
        </div>
      </div>
    </section>
  );
}
