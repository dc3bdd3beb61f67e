import { useEffect, useState } from 'react';
import { api, ask, type Schemas } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import { methodOf } from '../methods/index.ts';
import type { Session } from '../signed-in.tsx';
import { exactly, texts, when } from '../texts/index.ts';

type Entry = Schemas['AuditEntry'];

/** As many are read, so that some are left when those that say nothing to a person are taken out. */
const READ = 40;
const SHOWN = 8;

/** What happened to the account, newest first, in sentences. */
export function Lately({ session: { domain, userId } }: { readonly session: Session }) {
  const [entries, setEntries] = useState<readonly Entry[]>();
  const { fault, call } = useCall();
  const load = () =>
    call(async () => {
      const params = { path: { domain, user: userId }, query: { limit: READ } };
      setEntries((await ask(api.GET('/v1/domains/{domain}/users/{user}/audit', { params }))).items);
    });
  useEffect(() => void load(), []);
  const told = (entries ?? []).flatMap((entry) => {
    const sentence = sentenceFor(entry);
    return sentence === undefined ? [] : [{ entry, sentence }];
  });
  return (
    <section className="section" aria-labelledby="lately">
      <div className="section-head">
        <h2 id="lately">{texts.lately.title}</h2>
      </div>
      {fault !== undefined && <Fault id="lately-fault">{sentenceOf(fault)}</Fault>}
      {entries && (
        <ol className="log">
          {told.slice(0, SHOWN).map(({ entry: { id, at, context }, sentence }) => (
            <li key={id}>
              <time dateTime={at} title={exactly(new Date(at))}>
                {when(new Date(at))}
              </time>
              <bdi>{sentence}</bdi>
              <span className="from">{context?.ip}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** @returns nothing for what says nothing to a person, or is half of something else */
function sentenceFor({ action, factor, method, code, service = '' }: Entry): string | undefined {
  const { lately } = texts;
  const name = factor?.name ?? methodOf(factor?.type ?? method ?? '')?.name ?? lately.aMethod;
  switch (action) {
    case 'code.used':
      return code?.number === undefined ? lately.used(name, service) : lately.recoveryCodeUsed(code.number);
    case 'factor.confirmed':
      return lately.added(name);
    case 'factor.removed':
      return lately.removed(name);
    case 'factor.suspended':
      return lately.suspended(name);
    default:
      return Object.hasOwn(lately.plain, action)
        ? lately.plain[action as keyof typeof lately.plain]
        : undefined;
  }
}
