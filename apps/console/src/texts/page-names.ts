import { spoken } from './spoken.ts';

/** What pages are called, in the side bar and above them. */
export const names = spoken({
  en: {
    you: 'You',
    security: 'Security',
    profile: 'Profile',
    log: 'Security log',
    accessTokens: 'Access tokens',
    people: 'People',
    readiness: 'Readiness',
    policy: 'Policy',
    audit: 'Audit log',
    services: 'Services',
    providers: 'Identity providers',
    apiTokens: 'API tokens',
    administrators: 'Administrators',
  },
  nl: {
    you: 'U',
    security: 'Beveiliging',
    profile: 'Profiel',
    log: 'Beveiligingslogboek',
    accessTokens: 'Toegangssleutels',
    people: 'Mensen',
    readiness: 'Paraatheid',
    policy: 'Beleid',
    audit: 'Auditlogboek',
    services: 'Diensten',
    providers: 'Identiteitsproviders',
    apiTokens: 'API-sleutels',
    administrators: 'Beheerders',
  },
});
