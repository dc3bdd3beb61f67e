import { spoken } from '../../texts/spoken.ts';

export const say = spoken({
  en: {
    name: 'Security key or passkey',
    heading: 'Use your security key or passkey',
    offer: 'Touch it, or unlock this device; nothing to type.',
    choose: 'A key that you touch, or this phone or computer. It cannot be tricked by a false page.',
    title: 'Add a security key or passkey',
    lead: 'A key that you plug in or hold to your phone, or a passkey that this device or your password manager keeps.',
    begin: 'Use a key or this device',
    asksForOther: 'Does your browser suggest something that you do not have at hand?',
    hints: { securityKey: 'Ask for a security key', phone: 'Ask for a phone' },
    waiting: 'Follow your browser…',
    named: 'It is added. What do you call it?',
    namedText: 'So that you know it among others, such as “YubiKey on my key ring”.',
    nameLabel: 'Name',
    defaultName: 'My passkey',
    save: 'Continue',
    ask: (name: string | undefined) =>
      name === undefined
        ? 'Touch your security key, or unlock this device as you always do.'
        : `Touch “${name}”, or unlock the device that keeps it.`,
    use: 'Use my key or this device',
    again: 'Try again',
    notAccepted: 'This key was not accepted. Use one that you have added here, or try another way.',
    passkey: 'Use a passkey',
    failures: {
      stopped: 'Nothing was confirmed: it was cancelled, or it took too long. Try again when you are ready.',
      registered: 'This key or device is one of your methods already. Use another one.',
      noVerification:
        'This key cannot check that it is you, by PIN, finger or face, and your organisation requires that. Set a PIN for it, or use another one.',
      unsupported: 'This browser cannot use security keys or passkeys. Use another browser, or another way.',
      otherPlace:
        'Security keys do not work at this address. Open the page by the address that you were given.',
      device: 'The key or device could not do it. Take it out, put it in again, and try once more.',
      refused:
        'This key was not taken: your organisation does not allow its kind, or it was changed on the way.',
      over: 'This took too long, or was tried too often. Begin again.',
      unknown: 'This passkey is not known here, or not any more. Sign in with your password.',
    },
  },
  nl: {
    name: 'Beveiligingssleutel of passkey',
    heading: 'Gebruik uw beveiligingssleutel of passkey',
    offer: 'Raak hem aan, of ontgrendel dit apparaat; niets te typen.',
    choose:
      'Een sleutel die u aanraakt, of deze telefoon of computer. Een valse pagina kan hem niet misleiden.',
    title: 'Een beveiligingssleutel of passkey toevoegen',
    lead: 'Een sleutel die u insteekt of tegen uw telefoon houdt, of een passkey die dit apparaat of uw wachtwoordbeheerder bewaart.',
    begin: 'Een sleutel of dit apparaat gebruiken',
    asksForOther: 'Stelt uw browser iets voor dat u niet bij de hand hebt?',
    hints: { securityKey: 'Om een beveiligingssleutel vragen', phone: 'Om een telefoon vragen' },
    waiting: 'Volg uw browser…',
    named: 'Hij is toegevoegd. Hoe noemt u hem?',
    namedText: 'Zodat u hem herkent tussen andere, zoals “YubiKey aan mijn sleutelbos”.',
    nameLabel: 'Naam',
    defaultName: 'Mijn passkey',
    save: 'Doorgaan',
    ask: (name) =>
      name === undefined
        ? 'Raak uw beveiligingssleutel aan, of ontgrendel dit apparaat zoals altijd.'
        : `Raak “${name}” aan, of ontgrendel het apparaat dat hem bewaart.`,
    use: 'Mijn sleutel of dit apparaat gebruiken',
    again: 'Opnieuw proberen',
    notAccepted:
      'Deze sleutel werd niet aanvaard. Gebruik er een die u hier hebt toegevoegd, of probeer een andere manier.',
    passkey: 'Een passkey gebruiken',
    failures: {
      stopped:
        'Er is niets bevestigd: het werd geannuleerd, of het duurde te lang. Probeer het opnieuw als u klaar bent.',
      registered: 'Deze sleutel of dit apparaat is al een van uw manieren. Gebruik een andere.',
      noVerification:
        'Deze sleutel kan niet nagaan dat u het bent, met pincode, vinger of gezicht, en uw organisatie eist dat. Stel er een pincode voor in, of gebruik een andere.',
      unsupported:
        'Deze browser kan geen beveiligingssleutels of passkeys gebruiken. Neem een andere browser, of een andere manier.',
      otherPlace:
        'Beveiligingssleutels werken niet op dit adres. Open de pagina met het adres dat u gekregen hebt.',
      device:
        'De sleutel of het apparaat kon het niet. Neem hem eruit, steek hem weer in en probeer het nog eens.',
      refused:
        'Deze sleutel werd niet aangenomen: uw organisatie staat zijn soort niet toe, of er is onderweg iets veranderd.',
      over: 'Dit duurde te lang, of werd te vaak geprobeerd. Begin opnieuw.',
      unknown: 'Deze passkey is hier niet bekend, of niet meer. Meld u aan met uw wachtwoord.',
    },
  },
});
