import { Download, Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { Fault, sentenceOf } from '../design/fault.tsx';
import type { Session } from '../signed-in.tsx';
import { exactly, texts } from '../texts/index.ts';

const FILE = 'sparekey-recovery-codes.txt';

type CodeSet = Schemas['RecoveryCodeSet'] & { readonly madeAt: Date };

interface SaveCodesProps {
  readonly session: Session;
  /** The set that there is: one that was saved is replaced only by who says so. */
  readonly existing: Schemas['Security']['recoveryCodes'];
  /** What the button says. */
  readonly done: string;
  /** Two-step verification is on already. */
  readonly isOn: boolean;
  readonly busy: boolean;
  /** @param batchId of the set that was made now; nothing where the one that there was is kept */
  readonly onSaved: (batchId: string | undefined) => void;
}

/** A new set of codes, made once, and shown once. */
export function SaveCodes({ session, existing, done, isOn, busy, onSaved }: SaveCodesProps) {
  const { recoveryCode, common, setUp, security: say } = texts;
  const { domain, userId } = session;
  const [set, setSet] = useState<CodeSet>();
  const making = useCall();
  const make = () =>
    making.call(async () => {
      const params = { path: { domain, user: userId } };
      const made = await ask(() => api.POST('/v1/domains/{domain}/users/{user}/recovery-codes', { params }));
      setSet({ ...made, madeAt: new Date() });
    });
  const works = existing?.saved === true && existing.remaining > 0;
  useEffect(() => {
    if (!works) void make();
  }, []);
  if (set) return <ShowCodes session={session} set={set} done={done} busy={busy} onSaved={onSaved} />;
  if (making.fault === undefined && !works) return <p aria-busy="true">{common.loading}</p>;
  return (
    <div className="stack">
      {works && <p>{recoveryCode.replaces(existing.remaining)}</p>}
      {making.fault !== undefined && <Fault id="making">{sentenceOf(making.fault)}</Fault>}
      <div className="actions">
        {works && !isOn && (
          <button className="btn primary" type="button" onClick={() => onSaved(undefined)}>
            {setUp.haveCodes}
          </button>
        )}
        <button className={works && isOn ? 'btn primary' : 'btn'} type="button" onClick={() => void make()}>
          {works ? say.makeCodes : common.tryAgain}
        </button>
      </div>
    </div>
  );
}

/** The codes: downloaded, printed or copied, and a tick that says so. */
function ShowCodes({
  session: { organisation, userId, login = userId },
  set,
  done,
  busy,
  onSaved,
}: Pick<SaveCodesProps, 'session' | 'done' | 'busy' | 'onSaved'> & { readonly set: CodeSet }) {
  const { recoveryCode, common } = texts;
  const [isSaved, setSaved] = useState<'by-hand' | 'by-doing'>();
  const [note, setNote] = useState<string>();
  const [isMissing, setMissing] = useState(false);
  const sheet = recoveryCode.sheet(login, organisation, exactly(set.madeAt));
  const file = `${sheet}\n\n${set.codes.join('\n')}\n`;
  const saved = (sentence?: string) => {
    setSaved('by-doing');
    setMissing(false);
    setNote(sentence);
  };
  return (
    <form
      className="stack xl"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaved) onSaved(set.batchId);
        else setMissing(true);
      }}
    >
      <div className="stack">
        <p className="print-only small">{sheet}</p>
        <ol className="codes" aria-label={recoveryCode.list(set.codes.length)}>
          {set.codes.map((code) => (
            <li key={code}>
              <span>{code.slice(0, 2)}</span>
              {code.slice(3)}
            </li>
          ))}
        </ol>
        <div className="actions no-print">
          <button
            className="btn small"
            type="button"
            onClick={() => {
              download(file);
              saved(recoveryCode.downloaded(FILE));
            }}
          >
            <Download className="icon icon-s" aria-hidden="true" />
            {recoveryCode.download}
          </button>
          <button
            className="btn small"
            type="button"
            onClick={() => {
              print(); // whether a sheet came out of it only the person knows
              setNote(recoveryCode.printed);
            }}
          >
            <Printer className="icon icon-s" aria-hidden="true" />
            {recoveryCode.print}
          </button>
          <CopyButton text={file} onCopied={() => saved()} />
          <span className="done-note" role="status">
            {note}
          </span>
        </div>
      </div>
      <div className="stack l no-print">
        <div className="choice">
          <input
            className="tick"
            type="checkbox"
            id="saved"
            checked={isSaved !== undefined}
            aria-describedby="saved-hint missing"
            aria-invalid={isMissing}
            onChange={({ target }) => {
              setSaved(target.checked ? 'by-hand' : undefined);
              setMissing(false);
            }}
          />
          <label htmlFor="saved">{recoveryCode.saved}</label>
          <p className="hint" id="saved-hint">
            {isSaved === 'by-doing' ? recoveryCode.savedByDoing : recoveryCode.savedHint}
          </p>
        </div>
        {isMissing && <Fault id="missing">{recoveryCode.tickFirst}</Fault>}
        <div className="actions">
          <button className={busy ? 'btn primary busy' : 'btn primary'} type="submit" aria-disabled={busy}>
            {busy ? common.working : done}
          </button>
        </div>
      </div>
    </form>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
