import { useQuery } from '@tanstack/react-query';
import { Terminal } from 'lucide-react';
import { api, ask } from '../api/client.ts';
import { Page } from '../design/page.tsx';
import { Tokens } from '../design/tokens.tsx';
import type { PageProps } from '../signed-in.tsx';
import { names } from '../texts/page-names.ts';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    lead: 'So that your own scripts need no second step. A token reads how safe your account is, and can do nothing else.',
    explained: 'A script presents it as “Authorization: Bearer …”. It dies with a new password.',
  },
  nl: {
    lead: 'Zodat uw eigen scripts geen tweede stap nodig hebben. Een sleutel leest hoe veilig uw account is, en kan verder niets.',
    explained: 'Een script toont hem als “Authorization: Bearer …”. Met een nieuw wachtwoord vervalt hij.',
  },
});

const PATH = '/v1/domains/{domain}/users/{user}/access-tokens';

export default function AccessTokensPage({ session: { domain, userId } }: PageProps) {
  const path = { domain, user: userId };
  const query = useQuery({
    queryKey: ['access-tokens', userId],
    queryFn: () => ask(() => api.GET(PATH, { params: { path } })),
  });
  return (
    <Page title={names.accessTokens} lead={say.lead}>
      <Tokens
        query={query}
        Icon={Terminal}
        explained={say.explained}
        mustEnd
        onIssue={({ name, expiresAt }) => {
          const body = { name, scopes: ['security:read' as const], expiresAt: expiresAt! };
          return ask(() => api.POST(PATH, { params: { path }, body }));
        }}
        onRevoke={(tokenId) =>
          ask(() => api.DELETE(`${PATH}/{tokenId}`, { params: { path: { ...path, tokenId } } }))
        }
      />
    </Page>
  );
}
