import { spoken } from '../../texts/spoken.ts';

export const say = spoken({
  en: {
    lead: 'Who would still get in if they lost their phone today.',
    nobody:
      'There is nobody yet. People come into being when your services register them, or on the page People.',
    of: (n: string, all: string) => `${n} of ${all}`,
    wouldGetIn: (share: number) => `people have a second step and would still get in: ${share} %.`,
    shares: (safe: string, off: string, lockedOut: string) =>
      `${safe} have another way, ${off} have no second step, ${lockedOut} would be locked out`,
    safe: 'have another way',
    safeText: 'A second method, or recovery codes that they saved.',
    off: 'have no second step',
    offText: 'Whoever learns their password can sign in as them.',
    lockedOut: 'would be locked out',
    lockedOutText: 'One method, and no recovery code.',
    seeWhom: 'See whom',
    overTime: 'Over time',
    noTrend: 'There is one day so far. The lines begin with the second.',
    asTable: 'The same as a table',
    day: 'Day',
    lineSafe: 'Another way',
    lineOff: 'No second step',
    lineLockedOut: 'Locked out',
    chart: (from: string, to: string, lines: string) => `From ${from} to ${to}. ${lines}.`,
    went: (name: string, from: string, to: string) => `${name}: from ${from} to ${to}`,
    comingUp: 'Coming up',
    codesLow: (n: number) =>
      n === 1 ? '1 person has few recovery codes left.' : `${n} people have few recovery codes left.`,
    deadlineNear: (n: number) =>
      n === 1
        ? '1 person must have a second step within a week, or should have it by now.'
        : `${n} people must have a second step within a week, or should have it by now.`,
  },
  nl: {
    lead: 'Wie nog binnenkwam als de telefoon vandaag weg was.',
    nobody: 'Er is nog niemand. Mensen ontstaan als uw diensten ze registreren, of op de pagina Mensen.',
    of: (n, all) => `${n} van ${all}`,
    wouldGetIn: (share) => `mensen hebben een tweede stap en kwamen nog binnen: ${share} %.`,
    shares: (safe, off, lockedOut) =>
      `${safe} hebben een andere weg, ${off} hebben geen tweede stap, ${lockedOut} zouden buitengesloten zijn`,
    safe: 'hebben een andere weg',
    safeText: 'Een tweede manier, of herstelcodes die ze bewaarden.',
    off: 'hebben geen tweede stap',
    offText: 'Wie hun wachtwoord te weten komt, kan zich als hen aanmelden.',
    lockedOut: 'zouden buitengesloten zijn',
    lockedOutText: 'Eén manier, en geen herstelcode.',
    seeWhom: 'Zie wie',
    overTime: 'In de tijd',
    noTrend: 'Er is nog maar één dag. De lijnen beginnen met de tweede.',
    asTable: 'Hetzelfde als tabel',
    day: 'Dag',
    lineSafe: 'Andere weg',
    lineOff: 'Geen tweede stap',
    lineLockedOut: 'Buitengesloten',
    chart: (from, to, lines) => `Van ${from} tot ${to}. ${lines}.`,
    went: (name, from, to) => `${name}: van ${from} naar ${to}`,
    comingUp: 'Wat eraan komt',
    codesLow: (n) =>
      n === 1
        ? '1 persoon heeft bijna geen herstelcodes meer.'
        : `${n} mensen hebben bijna geen herstelcodes meer.`,
    deadlineNear: (n) =>
      n === 1
        ? '1 persoon moet binnen een week een tweede stap hebben, of had die al moeten hebben.'
        : `${n} mensen moeten binnen een week een tweede stap hebben, of hadden die al moeten hebben.`,
  },
});
