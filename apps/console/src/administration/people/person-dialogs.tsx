import { useQuery } from '@tanstack/react-query';
import { api, ask, Refused, type Schemas } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { Act, Dialog } from '../../design/dialog.tsx';
import { Fault } from '../../design/fault.tsx';
import { Field } from '../../design/field.tsx';
import { Tick } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { toast } from '../../design/toast.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import { whyNot } from '../why-not.ts';
import { calledBy } from './called.ts';
import { ContactFields, contactsOf } from './contact-fields.tsx';
import { say } from './texts.ts';

export type Asked = 'edit' | 'account' | 'roles' | 'unlock';
const ROLES = ['administrator', 'help-desk', 'auditor'] as const;

/** What can be done for a person, each with what comes of it. */
export function PersonDialogs({
  domain,
  person,
  asked,
  onClose,
  onDone,
}: {
  readonly domain: string;
  readonly person: Schemas['User'];
  readonly asked: Asked | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { busy, fault, call, clear } = useCall();
  const params = { path: { domain, user: person.userId } };
  const called = calledBy(person);
  const run = (doIt: () => Promise<unknown>, done: string) =>
    void call(async () => {
      await doIt();
      toast(done);
      onDone();
    });
  const close = () => {
    clear();
    onClose();
  };
  const account = useQuery({
    queryKey: ['account', domain, person.userId],
    enabled: asked === 'account',
    staleTime: 0,
    queryFn: () => loginOf(domain, person.userId),
  });
  /** What is not changed is put back as it stands now, and not as it stood when the page was opened. */
  const now = () => ask(() => api.GET('/v1/domains/{domain}/users/{user}', { params }));
  const put = (body: Schemas['PutUserBody']) =>
    ask(() => api.PUT('/v1/domains/{domain}/users/{user}', { params, body }));
  const shared = { cancel: texts.common.cancel, onClose: close };
  const why = fault !== undefined && <Fault id="person-fault">{whyNot(fault)}</Fault>;
  return (
    <>
      <Dialog
        {...shared}
        open={asked === 'edit'}
        title={say.editTitle(called)}
        lead={say.editText}
        act={<Act busy={busy}>{say.save}</Act>}
        onSubmit={(form) => {
          run(async () => {
            const { locale } = await now();
            await put({ ...(locale !== undefined && { locale }), ...contactsOf(form) });
          }, say.saved);
        }}
      >
        <ContactFields {...person} />
        {why}
      </Dialog>
      <Dialog
        {...shared}
        open={asked === 'account'}
        title={say.accountTitle(called)}
        lead={say.accountText}
        act={<Act busy={busy}>{say.save}</Act>}
        onSubmit={(form) => {
          const password = typed(form, 'password');
          const body = { login: typed(form, 'login').trim(), ...(password !== '' && { password }) };
          run(
            () => ask(() => api.PUT('/v1/domains/{domain}/users/{user}/account', { params, body })),
            say.accountSaved,
          );
        }}
      >
        <Loaded of={account} ghosts={1}>
          {({ login }) => <Field name="login" label={say.login} autoComplete="off" defaultValue={login} />}
        </Loaded>
        <Field name="password" label={say.newPassword} autoComplete="new-password" type="password" optional />
        {why}
      </Dialog>
      <Dialog
        {...shared}
        open={asked === 'roles'}
        title={say.rolesTitle(called)}
        lead={say.rolesText}
        act={<Act busy={busy}>{say.save}</Act>}
        onSubmit={(form) => {
          const roles = ROLES.filter((role) => new FormData(form).has(role));
          run(async () => {
            const { displayName, emails, phone, locale } = await now();
            await put({
              ...(displayName !== undefined && { displayName }),
              ...(emails !== undefined && { emails }),
              ...(phone !== undefined && { phone }),
              ...(locale !== undefined && { locale }),
              roles,
            });
          }, say.rolesSaved);
        }}
      >
        <div className="stack">
          {ROLES.map((role) => (
            <Tick
              key={role}
              name={role}
              label={say.roleNames[role]}
              hint={say.roleHints[role]}
              checked={person.roles.includes(role)}
            />
          ))}
        </div>
        {why}
      </Dialog>
      <Dialog
        {...shared}
        cancel={say.keepLocked}
        open={asked === 'unlock'}
        title={say.unlockTitle(called)}
        lead={say.unlockText}
        act={<Act busy={busy}>{say.unlock}</Act>}
        onSubmit={() =>
          run(() => ask(() => api.POST('/v1/domains/{domain}/users/{user}/unlock', { params })), say.unlocked)
        }
      >
        {why}
      </Dialog>
    </>
  );
}

/** By which login somebody signs in; an empty one where there is no account yet. */
async function loginOf(domain: string, user: string): Promise<{ readonly login: string }> {
  const params = { path: { domain, user } };
  try {
    return await ask(() => api.GET('/v1/domains/{domain}/users/{user}/account', { params }));
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'not-found') return { login: '' };
    throw error;
  }
}
