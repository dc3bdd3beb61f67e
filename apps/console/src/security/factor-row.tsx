import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Act, Dialog } from '../design/dialog.tsx';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Field } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { typed } from '../design/typed.ts';
import { methodOf } from '../methods/index.ts';
import type { Session } from '../signed-in.tsx';
import { texts, when } from '../texts/index.ts';

type Factor = Schemas['Security']['factors'][number];

const FACTOR = '/v1/domains/{domain}/users/{user}/factors/{factorId}';

/** One method: what it is called, what is known of it, and what can be done with it. */
export function FactorRow({
  session,
  factor,
  onChanged,
}: {
  readonly session: Session;
  readonly factor: Factor;
  readonly onChanged: () => void;
}) {
  const { security: say } = texts;
  const { factorId, type, status, default: isDefault } = factor;
  const method = methodOf(type);
  const called = factor.name ?? method?.name ?? type;
  const Icon = method?.Icon ?? KeyRound;
  const { busy, fault, call, clear } = useCall();
  const [asking, setAsking] = useState<'rename' | 'remove'>();
  const params = { path: { domain: session.domain, user: session.userId, factorId } };
  const change = (doIt: () => Promise<unknown>, done: string) =>
    void call(async () => {
      await doIt();
      setAsking(undefined);
      toast(done);
      onChanged();
    });
  const open = (what: 'rename' | 'remove') => {
    clear();
    setAsking(what);
  };
  const refusal = fault === undefined ? undefined : refusalOf(fault);
  return (
    <li className="row">
      <span className="lead">
        <Icon className="icon" aria-hidden="true" />
      </span>
      <div className="text">
        <Facts called={called} factor={factor} />
        <div className="actions">
          {!isDefault && status === 'confirmed' && (
            <button
              className="btn plain small"
              type="button"
              onClick={() =>
                change(
                  () => ask(() => api.PATCH(FACTOR, { params, body: { default: true } })),
                  say.madeDefault(called),
                )
              }
            >
              {say.makeDefault}
            </button>
          )}
          <button className="btn plain small" type="button" onClick={() => open('rename')}>
            {say.rename}
            <span className="only-heard"> {called}</span>
          </button>
          <button className="btn plain small bad" type="button" onClick={() => open('remove')}>
            {say.remove}
            <span className="only-heard"> {called}</span>
          </button>
        </div>
        {refusal !== undefined && asking === undefined && <Fault id={`${factorId}-row`}>{refusal}</Fault>}
      </div>
      <Dialog
        open={asking === 'rename'}
        title={say.renameTitle(called)}
        cancel={texts.common.cancel}
        act={<Act busy={busy}>{say.rename}</Act>}
        onClose={() => setAsking(undefined)}
        onSubmit={(form) => {
          const name = typed(form, 'name').trim();
          change(() => ask(() => api.PATCH(FACTOR, { params, body: { name } })), say.renamed(name));
        }}
      >
        <Field name="name" label={say.nameLabel} defaultValue={called} autoComplete="off" fault={refusal} />
      </Dialog>
      <Dialog
        open={asking === 'remove'}
        title={say.removeTitle(called)}
        cancel={say.keep}
        act={
          <Act danger busy={busy}>
            {say.removeButton}
          </Act>
        }
        onClose={() => setAsking(undefined)}
        onSubmit={() =>
          change(async () => {
            await ask(() => api.DELETE(FACTOR, { params }));
            await method?.afterRemoval?.(session.domain, session.userId);
          }, say.removed(called))
        }
      >
        <div className="stack s">
          <p>{say.removeText}</p>
          {refusal !== undefined && <Fault id={`${factorId}-fault`}>{refusal}</Fault>}
        </div>
      </Dialog>
    </li>
  );
}

const refusalOf = (fault: unknown): string =>
  fault instanceof Refused && fault.problem.code === 'policy-refused'
    ? texts.security.lastOne
    : sentenceOf(fault);

function Facts({
  called,
  factor: { type, status, default: isDefault, addedAt, lastUsedAt },
}: {
  readonly called: string;
  readonly factor: Factor;
}) {
  const { added, lastUsed, neverUsed, askedFirst, suspended } = texts.security;
  return (
    <>
      <h3 className="name">
        <bdi>{called}</bdi>
        {isDefault && <span className="badge">{askedFirst}</span>}
        {status === 'suspended' && <span className="badge warn">{suspended}</span>}
      </h3>
      <p className="facts">
        {methodOf(type)?.name ?? type} · {added(when(new Date(addedAt)))}
        <br />
        {lastUsedAt === undefined ? neverUsed : lastUsed(when(new Date(lastUsedAt)))}
      </p>
    </>
  );
}
