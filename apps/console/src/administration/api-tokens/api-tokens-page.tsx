import { useQuery } from '@tanstack/react-query';
import { Code } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Choice } from '../../design/form.tsx';
import { Page } from '../../design/page.tsx';
import { Tokens } from '../../design/tokens.tsx';
import { typed } from '../../design/typed.ts';
import type { PageProps } from '../../signed-in.tsx';
import { names } from '../../texts/page-names.ts';
import { spoken } from '../../texts/spoken.ts';

type Role = Schemas['ApiToken']['role'];

const say = spoken({
  en: {
    lead: 'For programs of yours that call the API. Each has one role and nothing more.',
    explained: 'A program presents it as “Authorization: Bearer …”. Give it the least that it needs.',
    role: 'Role',
    roles: {
      service: 'Service: asks for second steps',
      auditor: 'Auditor: reads the audit log',
      'help-desk': 'Help desk: finds people and unlocks them',
      administrator: 'Administrator: changes policy and services',
    },
    short: {
      service: 'Service',
      auditor: 'Auditor',
      'help-desk': 'Help desk',
      administrator: 'Administrator',
    },
    service: 'For which service',
    noService: 'Such a token belongs to a service, and none is registered yet.',
    register: 'Register one first',
    by: (who: string) => `by ${who}`,
  },
  nl: {
    lead: 'Voor uw programma’s die de API aanroepen. Elke sleutel heeft één rol en verder niets.',
    explained:
      'Een programma toont hem als “Authorization: Bearer …”. Geef het zo weinig als het nodig heeft.',
    role: 'Rol',
    roles: {
      service: 'Dienst: vraagt om tweede stappen',
      auditor: 'Auditor: leest het auditlogboek',
      'help-desk': 'Helpdesk: vindt mensen en ontgrendelt hen',
      administrator: 'Beheerder: wijzigt beleid en diensten',
    },
    short: { service: 'Dienst', auditor: 'Auditor', 'help-desk': 'Helpdesk', administrator: 'Beheerder' },
    service: 'Voor welke dienst',
    noService: 'Zo’n sleutel hoort bij een dienst, en er is er nog geen geregistreerd.',
    register: 'Registreer er eerst een',
    by: (who) => `door ${who}`,
  },
});

const PATH = '/v1/domains/{domain}/api-tokens';

export default function ApiTokensPage({ session: { domain } }: PageProps) {
  const path = { domain };
  const query = useQuery({
    queryKey: ['api-tokens', domain],
    queryFn: () => ask(() => api.GET(PATH, { params: { path } })),
  });
  const services = useQuery({
    queryKey: ['services', domain],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/services', { params: { path } })),
  });
  const registered = (services.data?.items ?? []).filter(({ service }) => service !== 'identity');
  const [role, setRole] = useState<Role>('service');
  return (
    <Page title={names.apiTokens} lead={say.lead}>
      <Tokens
        query={query}
        Icon={Code}
        explained={say.explained}
        factsOf={({ role: held, service, createdBy }) =>
          [say.short[held], service, say.by(createdBy)].filter(Boolean).join(' · ')
        }
        more={
          <>
            <Choice
              name="role"
              label={say.role}
              chosen={role}
              options={Object.entries(say.roles)}
              onChoose={(chosen) => setRole(chosen as Role)}
            />
            {role === 'service' && registered.length > 0 && (
              <Choice
                name="service"
                label={say.service}
                chosen=""
                options={registered.map(({ service, displayName }) => [service, displayName] as const)}
              />
            )}
            {role === 'service' && services.data && registered.length === 0 && (
              <p className="small">
                {say.noService} <Link href="/services">{say.register}</Link>
              </p>
            )}
          </>
        }
        onIssue={({ name, expiresAt, form }) => {
          const service = typed(form, 'service');
          const body = {
            name,
            role,
            ...(role === 'service' && service !== '' && { service }),
            ...(expiresAt !== undefined && { expiresAt }),
          };
          return ask(() => api.POST(PATH, { params: { path }, body }));
        }}
        onRevoke={(tokenId) =>
          ask(() => api.DELETE(`${PATH}/{tokenId}`, { params: { path: { ...path, tokenId } } }))
        }
      />
    </Page>
  );
}
