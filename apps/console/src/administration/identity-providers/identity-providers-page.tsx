import { useQuery } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { api, ask } from '../../api/client.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { spoken } from '../../texts/spoken.ts';

const say = spoken({
  en: {
    lead: 'Where people can sign in with the account that they have with your organisation.',
    none: 'There is none: people sign in with a password. The operator of this Sparekey sets one up (PUT /v1/domains/{domain}/identity-providers/{id}), as it says whose word is taken for who somebody is.',
    signIn: 'People sign in through it',
    tokensOnly: 'Its tokens are taken, and nobody signs in through it',
    keys: 'Keys',
    audience: 'Audience',
    user: 'Who somebody is',
    hashed: (claim: string) => `Claim ${claim}, as a keyed digest`,
    claim: (claim: string) => `Claim ${claim}`,
    email: 'E-mail address',
    name: 'Name',
  },
  nl: {
    lead: 'Waar mensen zich kunnen aanmelden met het account dat ze bij uw organisatie hebben.',
    none: 'Er is er geen: mensen melden zich met een wachtwoord aan. De operator van deze Sparekey stelt er een in (PUT /v1/domains/{domain}/identity-providers/{id}), want daarmee staat vast wie mag zeggen wie iemand is.',
    signIn: 'Mensen melden zich er aan',
    tokensOnly: 'De tokens ervan worden aangenomen, en niemand meldt zich er aan',
    keys: 'Sleutels',
    audience: 'Publiek',
    user: 'Wie iemand is',
    hashed: (claim) => `Claim ${claim}, als digest met sleutel`,
    claim: (claim) => `Claim ${claim}`,
    email: 'E-mailadres',
    name: 'Naam',
  },
});

/** The organisation's OpenID providers, as they are set. */
export default function IdentityProvidersPage({ session: { domain } }: PageProps) {
  const query = useQuery({
    queryKey: ['identity-providers', domain],
    queryFn: () =>
      ask(() => api.GET('/v1/domains/{domain}/identity-providers', { params: { path: { domain } } })),
  });
  return (
    <Page title={names.providers} lead={say.lead}>
      <Loaded of={query} ghosts={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{say.none}</p>
          ) : (
            <ul className="rows">
              {items.map(({ provider, issuer, jwksUri, audience, clientId, claims }) => (
                <li className="row" key={provider}>
                  <span className="lead">
                    <Building2 className="icon" aria-hidden="true" />
                  </span>
                  <div className="text stack s">
                    <div>
                      <h2 className="name">
                        <bdi>{provider}</bdi>
                      </h2>
                      <p className="facts">{clientId === undefined ? say.tokensOnly : say.signIn}</p>
                    </div>
                    <dl className="facts-list wide-terms">
                      {(
                        [
                          ['Issuer', issuer],
                          [say.keys, jwksUri],
                          [say.audience, audience],
                          ['Client', clientId],
                          [
                            say.user,
                            claims.user.hash ? say.hashed(claims.user.claim) : say.claim(claims.user.claim),
                          ],
                          [say.email, claims.email && say.claim(claims.email)],
                          [say.name, claims.displayName && say.claim(claims.displayName)],
                        ] as const
                      ).map(
                        ([term, fact]) =>
                          fact !== undefined && (
                            <div key={term}>
                              <dt>{term}</dt>
                              <dd>
                                <bdi>{fact}</bdi>
                              </dd>
                            </div>
                          ),
                      )}
                    </dl>
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
