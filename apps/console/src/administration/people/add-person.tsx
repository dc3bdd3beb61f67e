import { api, ask, Refused } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { Act, Dialog } from '../../design/dialog.tsx';
import { Fault } from '../../design/fault.tsx';
import { Field } from '../../design/field.tsx';
import { toast } from '../../design/toast.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import { whyNot } from '../why-not.ts';
import { ContactFields, contactsOf } from './contact-fields.tsx';
import { say } from './texts.ts';

/** A person who is not known yet; services make them in the same way. */
export function AddPerson({
  domain,
  open,
  onClose,
  onAdded,
}: {
  readonly domain: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onAdded: (userId: string) => void;
}) {
  const { busy, fault, call, clear } = useCall();
  const close = () => {
    clear();
    onClose();
  };
  const add = (form: HTMLFormElement) =>
    void call(async () => {
      const userId = typed(form, 'userId').trim();
      const params = { path: { domain, user: userId } };
      if (await isKnown(domain, userId)) throw new Refused({ code: 'already-exists', detail: say.exists });
      await ask(() => api.PUT('/v1/domains/{domain}/users/{user}', { params, body: contactsOf(form) }));
      close();
      toast(say.added(userId));
      onAdded(userId);
    });
  return (
    <Dialog
      open={open}
      title={say.addTitle}
      cancel={texts.common.cancel}
      act={<Act busy={busy}>{say.add}</Act>}
      onSubmit={add}
      onClose={close}
    >
      <Field name="userId" label={say.userId} hint={say.userIdHint} autoComplete="off" autoFocus />
      <ContactFields />
      {fault !== undefined && <Fault id="add-fault">{whyNot(fault)}</Fault>}
    </Dialog>
  );
}

/** A call that registers somebody would change who goes by this id already. */
async function isKnown(domain: string, user: string): Promise<boolean> {
  try {
    await ask(() => api.GET('/v1/domains/{domain}/users/{user}', { params: { path: { domain, user } } }));
    return true;
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'not-found') return false;
    throw error;
  }
}
