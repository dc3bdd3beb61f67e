import { useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { exactly, when } from '../../texts/index.ts';
import { changesBetween, written, type Policy } from './fields.ts';
import { say } from './texts.ts';

const SHOWN = 20;

/** Of the newest entry. */
const versionOf = (read: Schemas['AuditEntries'] | undefined): number =>
  (read?.items[0]?.detail as { policyVersion: number } | undefined)?.policyVersion ?? 0;

/** Earlier versions, newest first, each with what it changed. @param etag of the newest: another one is read anew */
export function History({ domain, etag }: { readonly domain: string; readonly etag: string | undefined }) {
  const query = useQuery({
    queryKey: ['policy-history', domain, etag],
    enabled: etag !== undefined,
    // the log follows at once, and not in the same moment
    refetchInterval: ({ state }) => (versionOf(state.data) < Number(etag?.replaceAll('"', '')) ? 500 : false),
    queryFn: () => {
      const params = { path: { domain }, query: { action: 'policy.changed' as const, limit: SHOWN + 1 } };
      return ask(() => api.GET('/v1/domains/{domain}/audit', { params }));
    },
  });
  return (
    <section className="section" aria-labelledby="history">
      <div className="section-head">
        <h2 id="history">{say.history}</h2>
      </div>
      <Loaded of={query} ghosts={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small">{say.noHistory}</p>
          ) : (
            <ol className="rows">
              {items.slice(0, SHOWN).map(({ id, at, actor, detail }, n) => {
                const { policyVersion, policy } = detail as { policyVersion: number; policy: Policy };
                const before = (items[n + 1]?.detail as { policy: Policy } | undefined)?.policy;
                return (
                  <li className="row" key={id}>
                    <div className="text">
                      <h3 className="name">{say.version(policyVersion)}</h3>
                      <p className="facts">
                        <time dateTime={at} title={exactly(new Date(at))}>
                          {say.by(when(new Date(at)), actor.id)}
                        </time>
                      </p>
                      <ul className="small">
                        {before ? (
                          changesBetween(before, policy).map(({ field, from, to }) => (
                            <li key={field.path}>
                              {say.fromTo(field.label, written(field, from), written(field, to))}
                            </li>
                          ))
                        ) : (
                          <li>{say.first}</li>
                        )}
                      </ul>
                    </div>
                  </li>
                );
              })}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}
