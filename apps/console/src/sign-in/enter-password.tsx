import { Building2 } from 'lucide-react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { sentenceOf } from '../design/fault.tsx';
import { Field, PasswordField, Submit } from '../design/field.tsx';
import { typed } from '../design/typed.ts';
import { PasskeySignIn } from '../methods/webauthn/passkey-sign-in.tsx';
import { Sheet } from '../design/sheet.tsx';
import { texts } from '../texts/index.ts';

export function EnterPassword({
  domain,
  organisation,
  providers,
  onOrganisation,
  said,
  onOther,
  passkeysOf,
  onSignedIn,
  onDone,
}: {
  readonly domain: string | undefined;
  /** What people know it by. */
  readonly organisation: string | undefined;
  readonly providers: readonly { readonly provider: string; readonly domain: string }[];
  /** Which one was typed. */
  readonly onOrganisation: (domain: string) => void;
  /** What happened before. */
  readonly said: string | undefined;
  /** Another organisation, where one was remembered. */
  readonly onOther: (() => void) | undefined;
  /** In which a passkey alone signs in. */
  readonly passkeysOf: string | undefined;
  readonly onSignedIn: (domain: string) => Promise<void>;
  readonly onDone: (next: Schemas['SignedIn'], domain: string) => Promise<void>;
}) {
  const { signIn, code } = texts;
  const { busy, fault, call } = useCall();
  const send = (form: HTMLFormElement) =>
    call(async () => {
      const into = domain ?? typed(form, 'domain').trim().toLowerCase();
      const body = { domain: into, login: typed(form, 'login'), password: typed(form, 'password') };
      await onDone(await ask(() => api.POST('/v1/identity/sign-in', { body })), into);
    });
  const refused =
    fault instanceof Refused &&
    ['sign-in-refused', 'validation-failed', 'not-found'].includes(fault.problem.code);
  return (
    <Sheet title={signIn.title} organisation={organisation}>
      <form
        className="stack l"
        onSubmit={(event) => {
          event.preventDefault();
          void send(event.currentTarget);
        }}
      >
        <div className="sheet-title">
          <h1>{signIn.heading(organisation)}</h1>
          {said !== undefined && said !== code.cancelled && <p role="status">{said}</p>}
        </div>
        {said === code.cancelled && (
          <div className="banner warn" role="status">
            <p>{said}</p>
          </div>
        )}
        <div className="stack">
          {domain === undefined && (
            <Field
              name="domain"
              label={signIn.organisation}
              hint={signIn.organisationHint}
              autoComplete="organization"
              onLeave={(text) => onOrganisation(text.trim().toLowerCase())}
              autoFocus
            />
          )}
          <Field
            name="login"
            label={signIn.login}
            autoComplete={passkeysOf === undefined ? 'username' : 'username webauthn'}
            autoFocus={domain !== undefined}
          />
          <PasswordField
            name="password"
            label={signIn.password}
            fault={fault === undefined ? undefined : refused ? signIn.refused : sentenceOf(fault)}
          />
        </div>
        <Submit busy={busy}>{signIn.button}</Submit>
        {(providers.length > 0 || passkeysOf !== undefined) && (
          <>
            <p className="divider">{signIn.or}</p>
            <div className="stack s">
              {passkeysOf !== undefined && (
                <PasskeySignIn domain={passkeysOf} onDone={() => onSignedIn(passkeysOf)} />
              )}
              {providers.map(({ provider, domain: of }) => (
                <a
                  key={provider}
                  className="btn wide"
                  href={`/v1/identity/oidc/start?${new URLSearchParams({ domain: of, provider, session: 'cookie', ...(said === signIn.again && { fresh: 'true' }) })}`}
                >
                  <Building2 className="icon icon-s" aria-hidden="true" />
                  {signIn.through(provider)}
                </a>
              ))}
            </div>
          </>
        )}
        {onOther && (
          <div>
            <button className="link small" type="button" onClick={onOther}>
              {signIn.other}
            </button>
          </div>
        )}
      </form>
    </Sheet>
  );
}
