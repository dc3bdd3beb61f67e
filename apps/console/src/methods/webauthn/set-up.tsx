import { startRegistration, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useEffect, useRef, useState } from 'react';
import { api, ask } from '../../api/client.ts';
import { useCall } from '../../api/use-call.ts';
import { Fault, sentenceOf } from '../../design/fault.tsx';
import { Field, Submit } from '../../design/field.tsx';
import { typed } from '../../design/typed.ts';
import type { SetUpProps } from '../method.ts';
import { failureOf, isSupported } from './failure.ts';
import { say } from './texts.ts';

type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** What a browser can be told to suggest first (WebAuthn §5.8.7). */
const HINTS = [
  ['security-key', say.hints.securityKey],
  ['hybrid', say.hints.phone],
] as const;
type Hint = (typeof HINTS)[number][0];

interface Added {
  readonly factorId: string;
  /** As its model is called, where that is known: it is called so already. */
  readonly name: string | undefined;
}

/** One button, the browser's own dialog, a name. */
export function SetUpWebauthn({ domain, userId, onDone }: SetUpProps) {
  const [added, setAdded] = useState<Added>();
  const { busy, fault, call } = useCall();
  const path = { domain, user: userId };
  const isLeft = useRef(false);
  useEffect(
    () => () => {
      isLeft.current = true;
      WebAuthnAbortService.cancelCeremony();
    },
    [],
  );
  /** @param hint what the browser is to suggest first, where the person says */
  const add = (hint?: Hint) =>
    call(async () => {
      const { factorId, creationOptions } = (await ask(() =>
        api.POST('/v1/domains/{domain}/users/{user}/factors', {
          params: { path },
          body: { type: 'webauthn', ...(hint && { hints: [hint] }) },
        }),
      )) as { factorId: string; creationOptions: Options };
      if (isLeft.current) return;
      const credential = await startRegistration({ optionsJSON: creationOptions });
      if (isLeft.current) return;
      const { name } = await ask(() =>
        api.POST('/v1/domains/{domain}/users/{user}/factors/{factorId}/confirm', {
          params: { path: { ...path, factorId } },
          body: { credential } as never,
        }),
      );
      setAdded({ factorId, name });
    });
  if (added) return <NameIt {...{ path, added, onDone }} />;
  const told = isSupported()
    ? fault === undefined
      ? undefined
      : failureOf(fault)
    : say.failures.unsupported;
  return (
    <div className="stack">
      {told !== undefined && <Fault id="key-fault">{told}</Fault>}
      {isSupported() && (
        <>
          <button className="btn primary wide" type="button" aria-disabled={busy} onClick={() => void add()}>
            {busy ? say.waiting : told === undefined ? say.begin : say.again}
          </button>
          <p className="small">{say.asksForOther}</p>
          <div className="actions">
            {HINTS.map(([hint, words]) => (
              <button
                key={hint}
                className="btn small"
                type="button"
                aria-disabled={busy}
                onClick={() => void add(hint)}
              >
                {words}
              </button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}

/** It counts already; what is missing is what the person calls it. */
function NameIt({
  path,
  added: { factorId, name: proposed },
  onDone,
}: {
  readonly path: { readonly domain: string; readonly user: string };
  readonly added: Added;
  readonly onDone: () => void;
}) {
  const { busy, fault, call } = useCall();
  const save = (form: HTMLFormElement) =>
    call(async () => {
      const name = typed(form, 'name').trim();
      if (name === proposed) return onDone();
      await ask(() =>
        api.PATCH('/v1/domains/{domain}/users/{user}/factors/{factorId}', {
          params: { path: { ...path, factorId } },
          body: { name },
        }),
      );
      onDone();
    });
  return (
    <form
      className="stack l"
      onSubmit={(event) => {
        event.preventDefault();
        void save(event.currentTarget);
      }}
    >
      <p role="status">{say.named}</p>
      <Field
        name="name"
        label={say.nameLabel}
        hint={say.namedText}
        defaultValue={proposed ?? say.defaultName}
        autoComplete="off"
        autoFocus
        fault={fault === undefined ? undefined : sentenceOf(fault)}
      />
      <Submit busy={busy}>{say.save}</Submit>
    </form>
  );
}
