import { useQuery } from '@tanstack/react-query';
import { Shield } from 'lucide-react';
import { Link } from 'wouter';
import { api, ask } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { listed } from '../../texts/index.ts';
import { spoken } from '../../texts/spoken.ts';
import { say as ofPeople } from '../people/texts.ts';

const say = spoken({
  en: {
    lead: 'Who holds a role here. Roles are given and taken on a person’s own page.',
    none: 'Nobody holds a role. The operator gives the first one.',
    open: 'Open',
    give: 'Find a person to give a role to',
  },
  nl: {
    lead: 'Wie hier een rol heeft. Rollen worden op iemands eigen pagina gegeven en genomen.',
    none: 'Niemand heeft een rol. De operator geeft de eerste.',
    open: 'Openen',
    give: 'Zoek iemand om een rol te geven',
  },
});

/** Who holds which role. */
export default function AdministratorsPage({ session: { domain } }: PageProps) {
  const query = useQuery({
    queryKey: ['roles', domain],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/roles', { params: { path: { domain } } })),
  });
  return (
    <Page
      title={names.administrators}
      lead={say.lead}
      actions={
        <Link className="btn small" href="/people">
          {say.give}
        </Link>
      }
    >
      <Loaded of={query} ghosts={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{say.none}</p>
          ) : (
            <ul className="rows">
              {items.map(({ userId, displayName, roles }) => (
                <li className="row" key={userId}>
                  <span className="lead">
                    <Shield className="icon" aria-hidden="true" />
                  </span>
                  <div className="text">
                    <h2 className="name">
                      <bdi>{displayName ?? userId}</bdi>
                    </h2>
                    <p className="facts">{listed(roles.map((role) => ofPeople.roleNames[role]))}</p>
                  </div>
                  <div className="end">
                    <Link className="btn small" href={`/people/${encodeURIComponent(userId)}`}>
                      {say.open}
                      <span className="only-heard"> {displayName ?? userId}</span>
                    </Link>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}
