import type { Catalogue } from './catalogue.ts';

const few = (left: number | undefined) =>
  ` Er ${left === 1 ? 'is' : 'zijn'} er nog ${left}: maak binnenkort een nieuwe reeks.`;

const theMethod = (name: string | undefined) => (name === undefined ? 'Een manier' : `“${name}”`);

export const nl: Catalogue = {
  notices: {
    PolicyChanged: ({ organisation }) => ({
      subject: 'Het beveiligingsbeleid is gewijzigd',
      body: `Het beveiligingsbeleid van ${organisation} is gewijzigd.`,
    }),
    ServiceRegistered: ({ organisation }) => ({
      subject: 'Er is een dienst geregistreerd of gewijzigd',
      body: `Een dienst die bij ${organisation} om een tweede stap mag vragen, is geregistreerd of gewijzigd.`,
    }),
    ServiceRemoved: ({ organisation }) => ({
      subject: 'Er is een dienst verwijderd',
      body: `Bij ${organisation} is een dienst verwijderd.`,
    }),
    RolesChanged: ({ organisation }) => ({
      subject: 'Uw rollen zijn gewijzigd',
      body: `Wat u als beheerder, helpdesk of auditor van ${organisation} mag doen, is gewijzigd.`,
    }),
    IdentityProviderSet: ({ organisation }) => ({
      subject: 'Er is een identiteitsprovider ingesteld',
      body: `De provider waarmee mensen van ${organisation} zich aanmelden, is ingesteld of gewijzigd.`,
    }),
    IdentityProviderRemoved: ({ organisation }) => ({
      subject: 'Er is een identiteitsprovider verwijderd',
      body: `Een provider waarmee mensen van ${organisation} zich aanmeldden, is verwijderd.`,
    }),
    ContactsChanged: () => ({
      subject: 'Uw contactgegevens zijn gewijzigd',
      body: 'De adressen waarop u bericht krijgt over uw account, zijn gewijzigd. Dit bericht gaat naar de oude en naar de nieuwe.',
    }),
    FactorConfirmed: ({ method }) => ({
      subject: 'Er is een aanmeldmethode toegevoegd',
      body: `${theMethod(method)} kan nu voor de tweede stap worden gebruikt als u zich aanmeldt.`,
    }),
    FactorRenamed: ({ method }) => ({
      subject: 'Een aanmeldmethode heeft een andere naam',
      body: `Een manier voor de tweede stap van uw account heet nu anders: ${theMethod(method)}.`,
    }),
    DefaultFactorChosen: ({ method }) => ({
      subject: 'Een andere aanmeldmethode komt eerst',
      body: `${theMethod(method)} wordt nu het eerst gevraagd bij de tweede stap.`,
    }),
    FactorRemoved: ({ method }) => ({
      subject: 'Er is een aanmeldmethode verwijderd',
      body: `${theMethod(method)} kan niet meer voor de tweede stap worden gebruikt.`,
    }),
    TwoStepEnabled: () => ({
      subject: 'Verificatie in twee stappen staat aan',
      body: 'Vanaf nu is er bij het aanmelden een tweede stap nodig.',
    }),
    TwoStepDisabled: () => ({
      subject: 'Verificatie in twee stappen staat uit',
      body: 'Vanaf nu is uw wachtwoord alleen genoeg om aan te melden. Uw herstelcodes zijn vervallen.',
    }),
    RecoveryCodesGenerated: () => ({
      subject: 'Er zijn nieuwe herstelcodes gemaakt',
      body: 'Voor uw account is een nieuwe reeks herstelcodes gemaakt. Alle eerdere zijn vervallen.',
    }),
    RecoveryCodesRevoked: () => ({
      subject: 'Uw herstelcodes zijn vervallen',
      body: 'Uw herstelcodes zijn ongeldig gemaakt. Maak een nieuwe reeks als u zich hebt aangemeld.',
    }),
    ChallengePassed: ({ number, left, few: low }) => ({
      subject: 'Er is een herstelcode gebruikt',
      body: `Herstelcode nummer ${number} is gebruikt om u aan te melden. De code werkt niet nog eens.${low ? few(left) : ''}`,
    }),
    WaitStarted: ({ until }) => ({
      subject: 'Te veel foute codes',
      body: `Iemand die voorbij de eerste stap kwam, heeft te veel foute codes voor uw account opgegeven. Codes worden niet aanvaard tot ${until}. Was u dit niet, dan kent iemand misschien uw wachtwoord: wijzig het.`,
    }),
    FactorSuspended: ({ method }) => ({
      subject: 'Een aanmeldmethode is opgeschort',
      body: `${theMethod(method)} is opgeschort, na te veel foute codes of omdat het is gemeld. Gebruik een andere manier, of vraag uw helpdesk.`,
    }),
    CloneSuspected: ({ method }) => ({
      subject: 'Er is misschien een kopie van uw beveiligingssleutel',
      body: `${theMethod(method)} antwoordde met een teller die hoger had moeten zijn. Er is niemand binnengelaten. Hebt u de sleutel niet op twee apparaten tegelijk gebruikt, verwijder hem dan en voeg een andere toe.`,
    }),
    ApiTokenIssued: ({ organisation }) => ({
      subject: 'Er is een API-token uitgegeven',
      body: `Er is een token uitgegeven waarmee een programma bij ${organisation} kan handelen.`,
    }),
    ApiTokenRevoked: ({ organisation }) => ({
      subject: 'Een API-token is ingetrokken',
      body: `Een token waarmee een programma bij ${organisation} handelde, is ingetrokken.`,
    }),
    AccessTokenIssued: () => ({
      subject: 'Er is een toegangstoken gemaakt',
      body: 'Er is een persoonlijk toegangstoken gemaakt, waarmee een script zonder tweede stap van uw account kan lezen.',
    }),
    AccessTokenRevoked: () => ({
      subject: 'Een toegangstoken is ingetrokken',
      body: 'Een persoonlijk toegangstoken van uw account is ingetrokken.',
    }),
    LoginChanged: () => ({
      subject: 'Uw aanmeldnaam is gewijzigd',
      body: 'De naam waarmee u zich aanmeldt, is gewijzigd.',
    }),
    PasswordSet: () => ({
      subject: 'Uw wachtwoord is ingesteld',
      body: 'Voor uw account is een nieuw wachtwoord ingesteld. Wie aangemeld was, is afgemeld.',
    }),
    PasswordWithdrawn: () => ({
      subject: 'Uw wachtwoord werkt niet meer',
      body: 'Het wachtwoord van uw account is gemeld en werkt niet meer. Vraag uw helpdesk om een nieuw wachtwoord.',
    }),
    NoticeRepudiated: ({ organisation, user }) => ({
      subject: 'Iemand heeft een wijziging gemeld: “dit was ik niet”',
      body: `De gebruiker ${user} van ${organisation} zegt dat een wijziging van het account niet van hem of haar was. Wat daarmee is ingevoerd, is opgeschort. Bekijk het auditlogboek.`,
    }),
  },
  code: ({ organisation, code, minutes }) => ({
    subject: `${code} is uw code voor ${organisation}`,
    body: `${code} is uw code voor ${organisation}. De code werkt ${minutes === 1 ? 'een minuut' : `${minutes} minuten`}. Geef hem aan niemand: ${organisation} vraagt er nooit om via telefoon of mail.`,
  }),
  when: 'Wanneer',
  doneBy: 'Gedaan door',
  you: 'Iemand met uw account',
  by: (kind, id) =>
    ({
      user: id,
      administrator: `Beheerder ${id}`,
      service: `Dienst ${id}`,
      operator: 'De operator van deze installatie',
      system: 'Sparekey zelf',
    })[kind],
  ifYou: { strong: 'Was u dit zelf,', rest: 'dan hoeft u niets te doen.' },
  notMe: {
    strong: 'Was u dit niet,',
    rest: 'zeg het ons. Wat is gewijzigd, werkt meteen niet meer, en uw beheerders krijgen bericht. De koppeling werkt 7 dagen en vraagt het u eerst.',
  },
  notMeButton: 'Dit was ik niet',
  askHelp: { strong: 'Was u dit niet,', rest: 'meld het dan meteen bij uw helpdesk.' },
  lookUp: { strong: 'Zoek het na:', rest: 'wie het deed, vanwaar en wanneer staat in het auditlogboek.' },
  automatic: (organisation) =>
    `${organisation} verstuurt dit naar al uw adressen wanneer de beveiliging van uw account verandert. Het kan niet worden uitgezet. Niemand vraagt u ooit per mail om een code of een wachtwoord.`,
  automaticToAdministrators: (organisation) =>
    `${organisation} verstuurt dit naar zijn beheerders wanneer er iets verandert waar al zijn mensen van afhangen. Het kan niet worden uitgezet.`,
};
