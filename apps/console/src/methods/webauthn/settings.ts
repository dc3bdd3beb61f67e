import { spoken } from '../../texts/spoken.ts';
import type { Setting } from '../method.ts';

export const settings = spoken<Readonly<Record<string, Setting>>>({
  en: {
    enabled: {
      label: 'Security keys and passkeys',
      about: 'Nothing to type, and no false page can use them.',
      source: 'WebAuthn Level 3',
    },
    usableIfEnrolled: {
      label: 'Those who have one already',
      about: 'Whether they may go on using it while nobody can add one.',
    },
    passkeySignIn: {
      label: 'A passkey alone signs in',
      about: 'Without a name and a password, where the passkey itself checks who uses it.',
      source: 'two factors in one: NIST SP 800-63B-4 §3.1.7',
    },
    userVerification: {
      label: 'PIN, finger or face',
      about: 'Whether the key itself checks who uses it. Where it is required, plain keys no longer work.',
      source: 'WebAuthn §5.8.6',
    },
    allowedAuthenticators: {
      label: 'Only these models',
      about:
        'One AAGUID on a line; empty for all. New keys must then come with their maker’s certificate, which passkeys of phones and password managers have not.',
      source: 'AAGUID: WebAuthn §6.5.1',
    },
    deniedAuthenticators: {
      label: 'Never these models',
      about:
        'One AAGUID on a line. Keys that said they are of these models stop working, and new keys must say which model they are.',
    },
    rpId: {
      label: 'Relying party',
      about: 'Where your own pages ask for keys. The operator sets it; empty for the address of this page.',
      source: 'WebAuthn §5.1.3',
      isReadOnly: true,
    },
    origins: {
      label: 'Pages and apps beside this one',
      about: 'One origin on a line, below the relying party. The operator sets them.',
      isReadOnly: true,
    },
  },
  nl: {
    enabled: {
      label: 'Beveiligingssleutels en passkeys',
      about: 'Niets te typen, en geen valse pagina kan ze gebruiken.',
      source: 'WebAuthn Level 3',
    },
    usableIfEnrolled: {
      label: 'Wie er al een heeft',
      about: 'Of die hem mag blijven gebruiken terwijl niemand er een kan toevoegen.',
    },
    passkeySignIn: {
      label: 'Een passkey alleen meldt aan',
      about: 'Zonder naam en wachtwoord, als de passkey zelf nagaat wie hem gebruikt.',
      source: 'twee factoren in een: NIST SP 800-63B-4 §3.1.7',
    },
    userVerification: {
      label: 'Pincode, vinger of gezicht',
      about: 'Of de sleutel zelf nagaat wie hem gebruikt. Waar dat moet, werken gewone sleutels niet meer.',
      source: 'WebAuthn §5.8.6',
    },
    allowedAuthenticators: {
      label: 'Alleen deze modellen',
      about:
        'Eén AAGUID per regel; leeg voor alle. Nieuwe sleutels moeten dan het certificaat van hun maker meebrengen, en dat hebben passkeys van telefoons en wachtwoordbeheerders niet.',
      source: 'AAGUID: WebAuthn §6.5.1',
    },
    deniedAuthenticators: {
      label: 'Nooit deze modellen',
      about:
        'Eén AAGUID per regel. Sleutels die zeiden dat ze van deze modellen zijn, werken niet meer, en nieuwe sleutels moeten zeggen welk model ze zijn.',
    },
    rpId: {
      label: 'Relying party',
      about:
        'Waar uw eigen pagina’s om sleutels vragen. De beheerder van de installatie stelt het in; leeg voor het adres van deze pagina.',
      source: 'WebAuthn §5.1.3',
      isReadOnly: true,
    },
    origins: {
      label: 'Pagina’s en apps naast deze',
      about: 'Eén origin per regel, onder de relying party. De beheerder van de installatie stelt ze in.',
      isReadOnly: true,
    },
  },
});
