import { spoken } from '../../texts/spoken.ts';
import type { Setting } from '../method.ts';

export const settings = spoken<Readonly<Record<string, Setting>>>({
  en: {
    enabled: {
      label: 'Authenticator app',
      about: 'Codes that change all the time. It works without a network.',
      source: 'RFC 6238',
    },
    usableIfEnrolled: {
      label: 'Those who have one already',
      about: 'Whether they may go on using it while nobody can add one.',
    },
    digits: {
      label: 'Digits in a code',
      about: 'Some apps show 6 and nothing else.',
      unit: 'digits',
      source: 'at least 6: RFC 4226 §5.3',
    },
    period: {
      label: 'A new code every',
      about: 'Longer is easier for slow typists, and for thieves.',
      unit: 'seconds',
      source: '30 is advised: RFC 6238 §5.2',
    },
    algorithm: {
      label: 'Hash',
      about: 'Many apps know SHA-1 alone, which is safe for this.',
      source: 'RFC 6238 §1.2',
    },
    tolerance: {
      label: 'Clocks may differ by',
      about: 'Codes just before and after count too.',
      unit: 'steps',
      source: 'at most one: RFC 6238 §5.2',
    },
  },
  nl: {
    enabled: {
      label: 'Authenticator-app',
      about: 'Codes die steeds veranderen. Werkt zonder netwerk.',
      source: 'RFC 6238',
    },
    usableIfEnrolled: {
      label: 'Wie er al een heeft',
      about: 'Of die hem mag blijven gebruiken terwijl niemand er een kan toevoegen.',
    },
    digits: {
      label: 'Cijfers in een code',
      about: 'Sommige apps laten er 6 zien en niets anders.',
      unit: 'cijfers',
      source: 'minstens 6: RFC 4226 §5.3',
    },
    period: {
      label: 'Een nieuwe code elke',
      about: 'Langer is makkelijker voor trage typers, en voor dieven.',
      unit: 'seconden',
      source: '30 wordt aangeraden: RFC 6238 §5.2',
    },
    algorithm: {
      label: 'Hash',
      about: 'Veel apps kennen alleen SHA-1, en dat is hiervoor veilig.',
      source: 'RFC 6238 §1.2',
    },
    tolerance: {
      label: 'Klokken mogen verschillen met',
      about: 'Codes van net ervoor en erna tellen ook.',
      unit: 'stappen',
      source: 'hoogstens een: RFC 6238 §5.2',
    },
  },
});
