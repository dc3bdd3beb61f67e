import { KeyRound } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import { api, ask, Refused, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { Field } from '../design/field.tsx';
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
  const { fault, call, clear } = useCall();
  const renaming = useRef<HTMLDialogElement>(null);
  const removing = useRef<HTMLDialogElement>(null);
  const params = { path: { domain: session.domain, user: session.userId, factorId } };
  const change = (doIt: () => Promise<unknown>) =>
    void call(async () => {
      await doIt();
      [renaming, removing].forEach(({ current }) => current?.close());
      onChanged();
    });
  const open = ({ current }: RefObject<HTMLDialogElement | null>) => {
    clear();
    current?.showModal();
  };
  const refusal = fault === undefined ? undefined : refusalOf(fault);
  const isAsking = renaming.current?.open === true || removing.current?.open === true;
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
              onClick={() => change(() => ask(api.PATCH(FACTOR, { params, body: { default: true } })))}
            >
              {say.makeDefault}
            </button>
          )}
          <button className="btn plain small" type="button" onClick={() => open(renaming)}>
            {say.rename}
            <span className="only-heard"> {called}</span>
          </button>
          <button className="btn plain small bad" type="button" onClick={() => open(removing)}>
            {say.remove}
            <span className="only-heard"> {called}</span>
          </button>
        </div>
        {refusal !== undefined && !isAsking && <Fault id={`${factorId}-row`}>{refusal}</Fault>}
      </div>
      <Dialog
        dialog={renaming}
        title={say.renameTitle(called)}
        cancel={texts.common.cancel}
        act={
          <button className="btn primary" type="submit">
            {say.rename}
          </button>
        }
        onSubmit={(form) =>
          change(() => ask(api.PATCH(FACTOR, { params, body: { name: typed(form, 'name').trim() } })))
        }
      >
        <Field name="name" label={say.nameLabel} defaultValue={called} autoComplete="off" fault={refusal} />
      </Dialog>
      <Dialog
        dialog={removing}
        title={say.removeTitle(called)}
        cancel={say.keep}
        act={
          <button className="btn danger" type="submit">
            {say.removeButton}
          </button>
        }
        onSubmit={() => change(() => ask(api.DELETE(FACTOR, { params })))}
      >
        <p>{say.removeText}</p>
        {refusal !== undefined && <Fault id={`${factorId}-fault`}>{refusal}</Fault>}
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

/** A question as its title; the harmless answer first. */
function Dialog({
  dialog,
  title,
  cancel,
  act,
  onSubmit,
  children,
}: {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly title: string;
  readonly cancel: string;
  /** The button that does it. */
  readonly act: ReactNode;
  readonly onSubmit: (form: HTMLFormElement) => void;
  readonly children: ReactNode;
}) {
  return (
    <dialog ref={dialog} className="dialog" aria-label={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(event.currentTarget);
        }}
      >
        <div className="dialog-body">
          <h2>{title}</h2>
          {children}
        </div>
        <div className="dialog-foot">
          <button className="btn" type="button" onClick={() => dialog.current?.close()}>
            {cancel}
          </button>
          {act}
        </div>
      </form>
    </dialog>
  );
}
