import { api, ask, Refused, type Schemas } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { Act, Dialog } from '../../design/dialog.tsx';
import { Fault } from '../../design/fault.tsx';
import { Field } from '../../design/field.tsx';
import { Lines, linesOf, Tick } from '../../design/form.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import { whyNot } from '../why-not.ts';
import { say } from './texts.ts';

/** A new service, or another form of one that there is. */
export function ServiceDialog({
  domain,
  edited,
  taken,
  onClose,
  onSaved,
}: {
  readonly domain: string;
  readonly edited: Schemas['Service'] | 'new' | undefined;
  /** Ids that there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onSaved: (name: string, isNew: boolean) => void;
}) {
  const { busy, fault, call, clear } = useCall();
  const isNew = edited === 'new';
  const known = typeof edited === 'object' ? edited : undefined;
  const close = () => {
    clear();
    onClose();
  };
  const save = (form: HTMLFormElement) =>
    void call(async () => {
      const service = known?.service ?? typed(form, 'service').trim();
      if (isNew && taken.includes(service)) throw new Refused({ code: 'already-exists', detail: say.taken });
      const body = bodyOf(form);
      const params = { path: { domain, service } };
      await ask(() => api.PUT('/v1/domains/{domain}/services/{service}', { params, body }));
      onSaved(body.displayName, isNew);
    });
  return (
    <Dialog
      open={edited !== undefined}
      title={known ? say.editTitle(known.displayName) : say.addTitle}
      cancel={texts.common.cancel}
      act={<Act busy={busy}>{known ? say.save : say.add}</Act>}
      onSubmit={save}
      onClose={close}
    >
      {isNew && <Field name="service" label={say.id} hint={say.idHint} autoComplete="off" autoFocus />}
      <Field
        name="displayName"
        label={say.name}
        hint={say.nameHint}
        autoComplete="off"
        defaultValue={known?.displayName ?? ''}
      />
      <Lines name="returnUrls" label={say.returnUrls} hint={say.returnHint} lines={known?.returnUrls ?? []} />
      <div className="stack">
        <Tick
          name="onBehalf"
          label={say.onBehalf}
          hint={say.onBehalfHint}
          checked={known?.onBehalf ?? false}
        />
        <Tick name="manages" label={say.manages} hint={say.managesHint} checked={known?.manages ?? false} />
      </div>
      <Lines
        name="eventKeys"
        label={say.keys}
        hint={say.keysHint}
        lines={(known?.eventKeys ?? []).map((key) => JSON.stringify(key))}
        rows={2}
      />
      {fault !== undefined && <Fault id="service-fault">{whyNot(fault)}</Fault>}
    </Dialog>
  );
}

function bodyOf(form: HTMLFormElement): Schemas['RegisterServiceBody'] {
  const has = (name: string) => new FormData(form).has(name);
  const keys = linesOf(typed(form, 'eventKeys')).map(readKey);
  return {
    displayName: typed(form, 'displayName').trim(),
    returnUrls: linesOf(typed(form, 'returnUrls')),
    onBehalf: has('onBehalf'),
    manages: has('manages'),
    ...(keys.length > 0 && { eventKeys: keys }),
  };
}

/** What stands on a line; the API says what is wrong with a key. @throws Refused where it is no JSON */
function readKey(line: string): Schemas['EventKeyBody'] {
  try {
    return JSON.parse(line) as Schemas['EventKeyBody'];
  } catch {
    throw new Refused({ code: 'validation-failed', detail: say.badKeys });
  }
}
