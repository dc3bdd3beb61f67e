import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, ask, type Schemas } from '../api/client.ts';
import { Loaded } from '../design/loaded.tsx';
import { methodOf } from '../methods/index.ts';
import type { Session } from '../signed-in.tsx';
import { exactly, texts, when } from '../texts/index.ts';

type Entry = Schemas['AuditEntry'];

/** As many are read, so that some are left when those that say nothing to a person are taken out. */
const READ = 40;
const SHOWN = 8;

/** What happened to the account of late, in sentences. */
export function Lately({ session: { domain, userId } }: { readonly session: Session }) {
  const params = { path: { domain, user: userId }, query: { limit: READ } };
  const query = useQuery({
    queryKey: ['lately', userId],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}/audit', { params })),
  });
  return (
    <section className="section" aria-labelledby="lately">
      <div className="section-head">
        <h2 id="lately">{texts.lately.title}</h2>
        <Link className="small" href="/security-log">
          {texts.lately.all}
        </Link>
      </div>
      <Loaded of={query}>{({ items }) => <Told entries={items} most={SHOWN} />}</Loaded>
    </section>
  );
}

/** Entries of the log that say something to the person whom they are about, newest first. */
export function Told({
  entries,
  most = Infinity,
  otherwise = () => undefined,
}: {
  readonly entries: readonly Entry[];
  readonly most?: number;
  /** What is said of an entry that there is no sentence for; such an entry is left out where this says nothing. */
  readonly otherwise?: (entry: Entry) => string | undefined;
}) {
  const told = entries.flatMap((entry) => {
    const sentence = sentenceFor(entry) ?? otherwise(entry);
    return sentence === undefined ? [] : [{ entry, sentence }];
  });
  return (
    <ol className="log">
      {told.slice(0, most).map(({ entry: { id, at, context }, sentence }) => (
        <li key={id}>
          <time dateTime={at} title={exactly(new Date(at))}>
            {when(new Date(at))}
          </time>
          <bdi>{sentence}</bdi>
          <span className="from">{context?.ip}</span>
        </li>
      ))}
    </ol>
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
