import { useEffect, useRef, useState } from 'react';
import { api, ask, Refused, type Schemas } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { Fault, sentenceOf } from '../../design/fault.tsx';
import { DigitsField, Submit } from '../../design/field.tsx';
import { typed } from '../../design/typed.ts';
import { texts } from '../../texts/index.ts';
import type { SetUpProps } from '../method.ts';

type Added = Extract<Schemas['AddedFactor'], { secret?: unknown }> & {
  readonly factorId: string;
  readonly secret: string;
  readonly otpauthUri: string;
  readonly qrCode: string;
};

/** Scan the code or type the secret, then the digits that the app shows. */
export function SetUpTotp({ domain, userId, onDone }: SetUpProps) {
  const { totp } = texts;
  const [added, setAdded] = useState<Added>();
  const adding = useCall();
  const confirming = useCall();
  const form = useRef<HTMLFormElement>(null);
  const path = { domain, user: userId };
  const add = () =>
    adding.call(async () => {
      setAdded(undefined); // one that has run out is not shown any more
      const body = { type: 'totp', name: totp.defaultName } as const;
      setAdded(
        (await ask(() =>
          api.POST('/v1/domains/{domain}/users/{user}/factors', { params: { path }, body }),
        )) as Added,
      );
    });
  useEffect(() => void add(), []);
  const hasRunOut = confirming.fault instanceof Refused && isOver(confirming.fault);
  if (adding.fault !== undefined || hasRunOut)
    return (
      <div className="stack">
        <Fault id="adding">
          {hasRunOut && adding.fault === undefined ? totp.runOut : whyNotAdded(adding.fault)}
        </Fault>
        <div>
          <button
            className="btn"
            type="button"
            onClick={() => {
              confirming.clear();
              void add();
            }}
          >
            {hasRunOut ? totp.newSecret : texts.common.tryAgain}
          </button>
        </div>
      </div>
    );
  if (!added) return <p aria-busy="true">{texts.common.loading}</p>;
  const confirm = (code: string) =>
    confirming.call(async () => {
      const params = { path: { ...path, factorId: added.factorId } };
      const body = { code };
      try {
        await ask(() =>
          api.POST('/v1/domains/{domain}/users/{user}/factors/{factorId}/confirm', {
            params,
            body: body as never,
          }),
        );
      } catch (error) {
        // it was confirmed before, and the answer was lost
        if (!(error instanceof Refused && error.problem.code === 'already-exists')) throw error;
      }
      onDone();
    });
  const digits = Number(new URL(added.otpauthUri).searchParams.get('digits') ?? 6);
  const { fault } = confirming;
  const rejected = fault instanceof Refused && fault.problem.code === 'code-rejected';
  return (
    <form
      ref={form}
      className="scan"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm(typed(event.currentTarget, 'code'));
      }}
    >
      <div className="stack xl">
        <div className="stack on-phone">
          <a className="btn outline wide" href={added.otpauthUri}>
            {totp.open}
          </a>
        </div>
        <section className="stack s" aria-labelledby="scan">
          <h2 id="scan">{totp.scan}</h2>
          <div className="secret">
            <span className="mono">{added.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</span>
            <CopyButton text={added.secret} />
          </div>
          <p className="hint">{totp.secretHint}</p>
        </section>
        <section className="stack s" aria-labelledby="enter">
          <h2 id="enter">{totp.enter(digits)}</h2>
          <DigitsField
            heading
            digits={digits}
            label={totp.label}
            hint={totp.unchanged}
            fault={
              rejected
                ? texts.code.notAccepted(fault.problem.attemptsLeft ?? 0)
                : fault === undefined
                  ? undefined
                  : sentenceOf(fault)
            }
            rejected={rejected}
            onWhole={() => form.current!.requestSubmit()}
          />
        </section>
        <div className="actions">
          <Submit busy={confirming.busy}>{texts.common.continue}</Submit>
        </div>
      </div>
      <figure className="stack s">
        <div className="qr">
          <QrCode svg={added.qrCode} />
        </div>
        <figcaption className="hint">{totp.pointCamera}</figcaption>
      </figure>
    </form>
  );
}

/** The pending app has died: of its ten minutes, or of its five tries. */
const isOver = ({ problem: { code, attemptsLeft } }: Refused): boolean =>
  code === 'not-found' || attemptsLeft === 0;

const whyNotAdded = (fault: unknown): string =>
  fault instanceof Refused && fault.problem.code === 'policy-refused'
    ? texts.totp.tooMany
    : sentenceOf(fault);

/** The picture of the API, drawn in the page itself: its policy lets no picture in that stands in a text. @param svg in a data URI */
function QrCode({ svg }: { readonly svg: string }) {
  // without the styles that it would bring, which the page's policy refuses
  const text = atob(svg.slice(svg.indexOf(',') + 1)).replaceAll(/ style="[^"]*"/g, '');
  const drawn = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  return (
    <svg
      viewBox={drawn.getAttribute('viewBox') ?? undefined}
      role="img"
      aria-label={texts.totp.qr}
      shapeRendering="crispEdges"
    >
      {[...drawn.querySelectorAll('path')].map((path, n) => (
        <path key={n} d={path.getAttribute('d') ?? ''} fill="#000" />
      ))}
    </svg>
  );
}
