import { List, Plus, Shield, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { Loaded } from '../design/loaded.tsx';
import { Page } from '../design/page.tsx';
import { methodOf } from '../methods/index.ts';
import type { Session } from '../signed-in.tsx';
import { texts, when } from '../texts/index.ts';
import { FactorRow } from './factor-row.tsx';
import { Lately } from './lately.tsx';
import { Sessions } from './sessions.tsx';
import { TurnOff } from './turn-off.tsx';

type Security = Schemas['Security'];
/** So few codes are too few; the policy's own threshold decides when the person is told by mail. */
const FEW = 3;

/** What is on, what is missing and the one next thing; then each method, the codes, and where one is signed in. */
export function SecurityPage({ session }: { readonly session: Session }) {
  const { security: say } = texts;
  const { domain, userId } = session;
  const params = { path: { domain, user: userId } };
  const query = useQuery({
    queryKey: ['security', userId],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}/security', { params })),
  });
  return (
    <Page title={say.title} lead={say.lead}>
      <Loaded of={query}>
        {(security) => <Shown session={session} security={security} onChanged={() => void query.refetch()} />}
      </Loaded>
    </Page>
  );
}

function Shown({
  session,
  security,
  onChanged,
}: {
  readonly session: Session;
  readonly security: Security;
  readonly onChanged: () => void;
}) {
  const { security: say } = texts;
  // a recovery code opens a session for replacing an app: it makes no further codes
  const isByCode = session.scope === 'factors';
  const factors = security.factors.filter(({ status }) => status !== 'pending');
  const types = [...new Set(factors.map(({ type }) => type))].join(' ');
  useEffect(() => {
    for (const type of types.split(' ')) void methodOf(type)?.whenShown?.(session.domain, session.userId);
  }, [types]);
  return (
    <>
      {isByCode && (
        <div className="banner warn">
          <p>{say.byCode}</p>
        </div>
      )}
      {session.roles.length > 0 && !session.secondStep && (
        <div className="banner warn">
          <p>{say.rolesWait}</p>
        </div>
      )}
      <Status security={security} mayMakeCodes={!isByCode} />
      <section className="section" aria-labelledby="methods">
        <div className="section-head">
          <h2 id="methods">{say.methods}</h2>
          {security.twoStep.enabled && (
            <a className="btn small" href="/set-up#add">
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
              <FactorRow key={factor.factorId} session={session} factor={factor} onChanged={onChanged} />
            ))}
          </ul>
        )}
      </section>
      {security.recoveryCodes && <Codes codes={security.recoveryCodes} mayMakeCodes={!isByCode} />}
      {session.scope === 'full' && <Sessions session={session} />}
      {session.scope === 'full' && <Lately session={session} />}
      {session.scope === 'full' && security.twoStep.enabled && !security.twoStep.required && (
        <TurnOff session={session} />
      )}
    </>
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
