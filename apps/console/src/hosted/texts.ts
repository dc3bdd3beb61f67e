import { spoken } from '../texts/spoken.ts';

export const say = spoken({
  en: {
    asks: (when: string, where: string) =>
      `asks for your second step. You began to sign in ${when}${where === '' ? '' : `, ${where}`}.`,
    from: (ip: string) => `from ${ip}`,
    nothing: 'None of your methods can be used for this. Call your help desk.',
    over: 'This sign-in is over',
    ended: 'It has ended, and nothing was changed. Go back to where you were signing in, and begin again.',
    alone: 'This page was opened without its sign-in. Go back to where you were signing in.',
    passedTitle: 'That was right',
    passed: 'Go back to where you were signing in: it goes on there.',
    back: 'Go back',
    backTo: (service: string) => `Go back to ${service}`,
    notice: {
      title: 'This was not me',
      question:
        'You are about to say that the change in the message was not yours. What it introduced stops working at once, and your administrators are told.',
      button: 'This was not me',
      done: 'What was changed is suspended, and your administrators are told. If you cannot sign in any more, call your help desk.',
      gone: 'This link no longer works: it is too old, or lost its end in the mail. Call your help desk.',
      refused:
        'This cannot be taken back here: the addresses were changed since, by somebody who proved more than this mailbox does. If that was not you either, call your help desk at once.',
      signIn: 'Sign in and look at your security',
    },
  },
  nl: {
    asks: (when, where) =>
      `vraagt om uw tweede stap. U begon u aan te melden ${when}${where === '' ? '' : `, ${where}`}.`,
    from: (ip) => `vanaf ${ip}`,
    nothing: 'Geen van uw manieren kan hiervoor worden gebruikt. Bel uw helpdesk.',
    over: 'Deze aanmelding is voorbij',
    ended: 'Ze is geëindigd, en er is niets gewijzigd. Ga terug naar waar u zich aanmeldde en begin opnieuw.',
    alone: 'Deze pagina is zonder haar aanmelding geopend. Ga terug naar waar u zich aanmeldde.',
    passedTitle: 'Dat was goed',
    passed: 'Ga terug naar waar u zich aanmeldde: daar gaat het verder.',
    back: 'Terug',
    backTo: (service) => `Terug naar ${service}`,
    notice: {
      title: 'Dit was ik niet',
      question:
        'U staat op het punt te zeggen dat de wijziging uit het bericht niet van u was. Wat daarmee is ingevoerd, werkt meteen niet meer, en uw beheerders krijgen bericht.',
      button: 'Dit was ik niet',
      done: 'Wat is gewijzigd, is opgeschort, en uw beheerders hebben bericht. Kunt u zich niet meer aanmelden, bel dan uw helpdesk.',
      gone: 'Deze koppeling werkt niet meer: ze is te oud, of verloor haar einde in de mail. Bel uw helpdesk.',
      refused:
        'Dit kan hier niet worden teruggedraaid: de adressen zijn sindsdien gewijzigd door iemand die meer heeft aangetoond dan deze mailbox. Was u dat ook niet, bel dan meteen uw helpdesk.',
      signIn: 'Meld u aan en bekijk uw beveiliging',
    },
  },
});
