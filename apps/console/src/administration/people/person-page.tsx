import { useQuery } from '@tanstack/react-query';
import { KeyRound, Shield, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import { methodOf } from '../../methods/index.ts';
import { sessionChanged, type PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { exactly, listed, when } from '../../texts/index.ts';
import '../administration.css';
import { Entries } from '../audit/entries.tsx';
import { calledBy } from './called.ts';
import { PersonDialogs, type Asked } from './person-dialogs.tsx';
import { say } from './texts.ts';

type Security = Schemas['Security'];
type User = Schemas['User'];

/** One person: whether they would get in without their phone, what they have, and what can be done for them. */
export default function PersonPage({ session, params: { user = '' } }: PageProps) {
  const { domain, roles } = session;
  const path = { domain, user };
  const person = useQuery({
    queryKey: ['person', domain, user],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}', { params: { path } })),
  });
  const security = useQuery({
    queryKey: ['person-security', domain, user],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}/security', { params: { path } })),
  });
  const [asked, setAsked] = useState<Asked>();
  const isAdministrator = roles.includes('administrator');
  const called = person.data ? calledBy(person.data) : user;
  return (
    <Page
      title={called}
      crumb={
        <Link className="crumb" href="/people">
          {names.people}
        </Link>
      }
      lead={<bdi>{person.data?.emails?.[0]}</bdi>}
      actions={
        isAdministrator && (
          <>
            {(['edit', 'account', 'roles'] as const).map((what) => (
              <button key={what} className="btn small" type="button" onClick={() => setAsked(what)}>
                {say[what]}
              </button>
            ))}
          </>
        )
      }
    >
      <Loaded of={security} ghosts={5}>
        {(known) => <Standing security={known} onUnlock={() => setAsked('unlock')} />}
      </Loaded>
      <Loaded of={person} ghosts={3}>
        {(known) => <Details person={known} />}
      </Loaded>
      {(isAdministrator || roles.includes('auditor')) && <Lately domain={domain} user={user} />}
      {person.data && (
        <PersonDialogs
          domain={domain}
          person={person.data}
          asked={asked}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setAsked(undefined);
            void person.refetch();
            void security.refetch();
            if (user === session.userId) sessionChanged();
          }}
        />
      )}
    </Page>
  );
}

function Standing({ security, onUnlock }: { readonly security: Security; readonly onUnlock: () => void }) {
  const { twoStep, recoveryCodes } = security;
  const factors = security.factors.filter(({ status }) => status !== 'pending');
  const usable = factors.filter(({ status }) => status === 'confirmed').length;
  const codes = recoveryCodes?.saved ? recoveryCodes.remaining : 0;
  const isSafe = usable > 1 || codes > 0;
  const [Sign, title, text] = !twoStep.enabled
    ? ([Shield, say.isOff, say.isOffText] as const)
    : isSafe
      ? ([ShieldCheck, say.onSafe, say.onSafeText] as const)
      : ([ShieldAlert, say.onAlone, say.onAloneText] as const);
  return (
    <>
      <section className="status" aria-labelledby="status">
        <div className={twoStep.enabled && isSafe ? 'say' : 'say bad'}>
          <span className="sign">
            <Sign className="icon" aria-hidden="true" />
          </span>
          <h2 id="status">{title}</h2>
          <p>{text}</p>
        </div>
      </section>
      <section className="section" aria-labelledby="methods">
        <div className="section-head">
          <h2 id="methods">{say.methods}</h2>
          {twoStep.enabled && (
            <button className="btn small" type="button" onClick={onUnlock}>
              {say.unlock}
            </button>
          )}
        </div>
        {factors.length === 0 ? (
          <p className="small">{say.noMethods}</p>
        ) : (
          <ul className="rows">
            {factors.map((factor) => (
              <Method key={factor.factorId} factor={factor} />
            ))}
          </ul>
        )}
      </section>
      <section className="section" aria-labelledby="codes">
        <div className="section-head">
          <h2 id="codes">{say.codes}</h2>
        </div>
        <p className="small">
          {recoveryCodes ? say.codesLeft(recoveryCodes.remaining, recoveryCodes.total) : say.noCodes}
        </p>
      </section>
    </>
  );
}

function Method({
  factor: { type, name, status, default: isDefault, addedAt, lastUsedAt },
}: {
  readonly factor: Security['factors'][number];
}) {
  const method = methodOf(type);
  const Icon = method?.Icon ?? KeyRound;
  return (
    <li className="row">
      <span className="lead">
        <Icon className="icon" aria-hidden="true" />
      </span>
      <div className="text">
        <h3 className="name">
          <bdi>{name ?? method?.name ?? type}</bdi>
          {isDefault && <span className="badge">{say.askedFirst}</span>}
          {status === 'suspended' && <span className="badge warn">{say.suspended}</span>}
        </h3>
        <p className="facts">
          {[
            method?.name ?? type,
            say.addedAt(when(new Date(addedAt))),
            lastUsedAt === undefined ? say.neverUsed : say.lastUsed(when(new Date(lastUsedAt))),
          ].join(' · ')}
        </p>
      </div>
    </li>
  );
}

const Details = ({
  person: { userId, emails = [], phone, locale, roles, registeredAt },
}: {
  readonly person: User;
}) => (
  <section className="section" aria-labelledby="details">
    <div className="section-head">
      <h2 id="details">{say.details}</h2>
    </div>
    <dl className="facts-list wide-terms">
      {(
        [
          [say.id, userId],
          [say.roles, roles.length === 0 ? say.noRoles : listed(roles.map((role) => say.roleNames[role]))],
          ...emails.map((address) => [say.address, address] as const),
          [say.telephone, phone],
          [say.language, locale],
          [say.registered, exactly(new Date(registeredAt))],
        ] as const
      ).map(
        ([term, fact], n) =>
          fact !== undefined && (
            <div key={n}>
              <dt>{term}</dt>
              <dd>
                <bdi>{fact}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  </section>
);

/** The newest entries about them. */
function Lately({ domain, user }: { readonly domain: string; readonly user: string }) {
  const query = useQuery({
    queryKey: ['person-log', domain, user],
    queryFn: () =>
      ask(() =>
        api.GET('/v1/domains/{domain}/users/{user}/audit', {
          params: { path: { domain, user }, query: { limit: 8 } },
        }),
      ),
  });
  return (
    <section className="section" aria-labelledby="lately">
      <div className="section-head">
        <h2 id="lately">{say.lately}</h2>
        <Link className="small" href={`/audit?user=${encodeURIComponent(user)}`}>
          {say.allEntries}
        </Link>
      </div>
      <Loaded of={query}>{({ items }) => <Entries entries={items} />}</Loaded>
    </section>
  );
}
