import {
  Building2,
  ChartLine,
  Code,
  List,
  ScrollText,
  Server,
  Shield,
  ShieldCheck,
  SlidersHorizontal,
  Terminal,
  User,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { lazy, type ComponentType } from 'react';
import { reloadOnce } from './api/reload.ts';
import { SecurityPage } from './security/security-page.tsx';
import type { PageProps, Session } from './signed-in.tsx';
import type { PATHS } from './paths.ts';
import { names } from './texts/page-names.ts';

interface Entry {
  readonly path: (typeof PATHS)[number];
  /** In the side bar; a page that is reached from another has none. */
  readonly name?: string;
  readonly Icon?: LucideIcon;
  /** Who has it: these roles, with the second step passed; without any, everybody. */
  readonly roles?: readonly Session['roles'][number][];
  readonly Page: ComponentType<PageProps>;
}

/** Loaded when it is opened. */
const page = (load: () => Promise<{ default: ComponentType<PageProps> }>) =>
  lazy(() => load().catch(reloadOnce));

const ADMINISTRATOR = ['administrator'] as const;

/** What an organisation's people with roles see, each a page of its own that is loaded when it is opened. */
export const OF_ORGANISATION: readonly Entry[] = [
  {
    path: '/people',
    name: names.people,
    Icon: Users,
    roles: ['administrator', 'help-desk'],
    Page: page(() => import('./administration/people/people-page.tsx')),
  },
  {
    path: '/people/:user',
    roles: ['administrator', 'help-desk'],
    Page: page(() => import('./administration/people/person-page.tsx')),
  },
  {
    path: '/readiness',
    name: names.readiness,
    Icon: ChartLine,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/readiness/readiness-page.tsx')),
  },
  {
    path: '/policy',
    name: names.policy,
    Icon: SlidersHorizontal,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/policy/policy-page.tsx')),
  },
  {
    path: '/audit',
    name: names.audit,
    Icon: List,
    roles: ['administrator', 'auditor'],
    Page: page(() => import('./administration/audit/audit-page.tsx')),
  },
  {
    path: '/services',
    name: names.services,
    Icon: Server,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/services/services-page.tsx')),
  },
  {
    path: '/identity-providers',
    name: names.providers,
    Icon: Building2,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/identity-providers/identity-providers-page.tsx')),
  },
  {
    path: '/api-tokens',
    name: names.apiTokens,
    Icon: Code,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/api-tokens/api-tokens-page.tsx')),
  },
  {
    path: '/administrators',
    name: names.administrators,
    Icon: Shield,
    roles: ADMINISTRATOR,
    Page: page(() => import('./administration/administrators/administrators-page.tsx')),
  },
];

/** What everybody has. */
export const OF_EVERYBODY: readonly Entry[] = [
  { path: '/security', name: names.security, Icon: ShieldCheck, Page: SecurityPage },
  {
    path: '/profile',
    name: names.profile,
    Icon: User,
    Page: page(() => import('./account/profile-page.tsx')),
  },
  {
    path: '/security-log',
    name: names.log,
    Icon: ScrollText,
    Page: page(() => import('./account/security-log-page.tsx')),
  },
  {
    path: '/access-tokens',
    name: names.accessTokens,
    Icon: Terminal,
    Page: page(() => import('./account/access-tokens-page.tsx')),
  },
];

/** What would have gone out, in the demo, and what pages are made of. */
export const OF_DEVELOPERS: readonly Entry[] = [
  { path: '/dev/inbox', roles: ADMINISTRATOR, Page: page(() => import('./development/inbox-page.tsx')) },
  {
    path: '/dev/components',
    roles: ADMINISTRATOR,
    Page: page(() => import('./development/components-page.tsx')),
  },
];

/** Whether these pages are this person's, in this session: roles have effect where the second step was passed. */
export const isFor = ({ roles, secondStep, scope }: Session, page: Entry): boolean =>
  page.roles === undefined
    ? scope === 'full' || page.path === '/security'
    : scope === 'full' && secondStep && roles.some((role) => page.roles!.includes(role));
