import { useEffect, useId, useRef, type ReactNode } from 'react';

/**
 * A question as its title; the harmless answer first. The browser keeps the focus inside, gives it back, and closes it with Escape.
 *
 * @param open whether it is shown @param onClose it was left, by whichever way
 */
export function Dialog({
  open,
  title,
  lead,
  cancel,
  act,
  onSubmit,
  onClose,
  children,
}: {
  readonly open: boolean;
  readonly title: string;
  readonly lead?: string | undefined;
  readonly cancel: string;
  /** The button that does it; none where what is inside has its own. */
  readonly act?: ReactNode;
  readonly onSubmit?: (form: HTMLFormElement) => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open) dialog.current!.showModal();
    else dialog.current!.close();
  }, [open]);
  const inside = (
    <>
      <div className="dialog-body">
        <div className="stack s">
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p className="small">{lead}</p>}
        </div>
        {children}
      </div>
      <div className="dialog-foot">
        <button className="btn" type="button" onClick={onClose}>
          {cancel}
        </button>
        {act}
      </div>
    </>
  );
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      {open && onSubmit && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit(event.currentTarget);
          }}
        >
          {inside}
        </form>
      )}
      {open && !onSubmit && inside}
    </dialog>
  );
}

/** The button that does what a dialog asks about. */
export const Act = ({
  busy,
  danger = false,
  children,
}: {
  readonly busy: boolean;
  readonly danger?: boolean;
  readonly children: ReactNode;
}) => (
  <button className={danger ? 'btn danger' : 'btn primary'} type="submit" aria-disabled={busy}>
    {children}
  </button>
);
