const ROOMS = 'enrollment|recovery|verification|notification|audit|identity';
const DECIDERS =
  '^libs/(enrollment/src/(domain|user|factor)|recovery/src/codes|identity/src/(tokens|access-tokens|account|attempts|claims)|notification/src/notice|verification/src/(verification|challenges|deliveries|locks))[.]ts$';
const TESTS = '[.]spec[.]ts$|/testing/|^libs/testing/|^apps/system-tests/|^bench/|^tools/|^examples/';

/** Only these of our own packages may be reached from there. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^libs/${from}/`, pathNot: TESTS },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${allowed})/` },
});

/** The walls of the house (README, the map of the house). Each has a file in tools/forbidden-imports that it is seen to refuse. */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'through-the-door',
      comment: 'a package is entered through its index, never by a file inside it',
      severity: 'error',
      from: { path: '^((?:libs/adapters|libs|apps)/[^/]+)/' },
      to: {
        path: '^(libs|apps)/',
        pathNot:
          '^$1/|^apps/(eventstoredb-stand-in|console)/src/index[.]ts$|^libs/(adapters/)?[^/]+/src/((cache|testing|ports|projection|projections|services|containers|fleet)/)?index[.]ts$',
      },
    },
    {
      name: 'rooms-never-call-each-other',
      comment: 'read the stream through contracts, or hear the event',
      severity: 'error',
      from: { path: `^libs/(${ROOMS})/`, pathNot: TESTS },
      to: { path: `^libs/(${ROOMS})/`, pathNot: '^libs/$1/' },
    },
    only(
      'room',
      `(${ROOMS})`,
      `contracts|factors|canonical|event-sourcing|vault|platform|access-control|read-models|client|${ROOMS}`,
      'a room knows no technology',
    ),
    {
      name: 'only-identity-calls-over-http',
      severity: 'error',
      from: { path: `^libs/(${ROOMS})/`, pathNot: `^libs/identity/|${TESTS}` },
      to: { path: '^libs/client/' },
    },
    only(
      'platform',
      'platform',
      'platform|read-models|contracts|canonical|event-sourcing|vault',
      'the platform knows no room, no technology and not who is calling',
    ),
    only(
      'access-control',
      'access-control',
      'access-control|platform|contracts|canonical|event-sourcing|vault',
      'who is calling and what they may rests on what every room stands on, and on no room',
    ),
    only(
      'read-models',
      'read-models',
      'read-models|contracts|event-sourcing',
      'read models are made of events, and know no room',
    ),
    only(
      'server',
      'server',
      'server|access-control|platform|read-models|contracts|event-sourcing|vault',
      'what serves rooms is given them',
    ),
    only(
      'contracts',
      'contracts',
      'contracts|event-sourcing|factors|canonical',
      'the public language rests on nothing above it',
    ),
    only('event-sourcing', 'event-sourcing', 'event-sourcing', 'the kernel rests on nothing of ours'),
    only(
      'factors',
      'factors',
      'factors|canonical',
      'factors rest on nothing of ours but the reading of what is typed',
    ),
    only(
      'canonical',
      'canonical',
      'canonical',
      'what is read there means nothing yet: it rests on nothing of ours',
    ),
    only('vault', 'vault', 'vault', 'the vault rests on nothing of ours'),
    only('client', 'client', 'client|contracts', 'the client knows only the public language'),
    only(
      'adapter',
      'adapters/[^/]+',
      `adapters|event-sourcing|vault|(${ROOMS})/src/ports`,
      'an adapter knows ports and its technology',
    ),
    {
      name: 'adapters-stay-apart',
      severity: 'error',
      from: { path: '^libs/adapters/([^/]+)/', pathNot: TESTS },
      to: { path: '^libs/adapters/', pathNot: '^libs/adapters/$1/' },
    },
    {
      name: 'sqlite-in-its-drawer',
      comment: "a technology's name occurs in its own drawer and in the app that wires it",
      severity: 'error',
      from: {
        path: '^(libs|apps)/',
        pathNot: `^libs/adapters/sqlite/|^apps/(standalone|local|eventstoredb-stand-in)/|${TESTS}`,
      },
      to: { path: '^(node:)?sqlite$|^libs/adapters/sqlite/' },
    },
    {
      name: 'providers-in-their-drawers',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^libs/adapters/smtp/|${TESTS}` },
      to: { path: 'node_modules/(@types/)?nodemailer/' },
    },
    {
      name: 'systems-in-their-drawers',
      comment: "the clients of EventStoreDB, Kafka and PostgreSQL: each in its adapter's drawer",
      severity: 'error',
      from: {
        path: '^(libs|apps)/',
        pathNot: `^libs/adapters/(eventstoredb|kafka|postgres)/|^apps/eventstoredb-stand-in/|${TESTS}`,
      },
      to: { path: 'node_modules/(@eventstore|@grpc|kafkajs|pg|@types/pg)/' },
    },
    {
      name: 'systems-are-wired-in-one-place',
      comment: 'rooms and the platform do not know what they run on: only hosting does, and who starts it',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^libs/(hosting|adapters)/|^apps/local/|${TESTS}` },
      to: { path: '^libs/adapters/(eventstoredb|kafka|postgres)/' },
    },
    only(
      'hosting',
      'hosting',
      'hosting|adapters/(eventstoredb|kafka|postgres|smtp|sms-http)|server|platform|read-models|contracts|event-sourcing|vault|notification',
      'what apps have in common: it knows technology, and of the rooms only what senders are given to',
    ),
    {
      name: 'pages',
      comment: 'pages know the document of the API and nothing else of ours',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(libs|apps)/', pathNot: '^apps/console/' },
    },
    {
      name: 'deploy',
      comment: 'what prepares an installation knows its secrets and how services are wired, and no room',
      severity: 'error',
      from: { path: '^deploy/', pathNot: '^deploy/docker/stand-ins/' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(vault|hosting)/' },
    },
    {
      name: 'read-models-without-framework',
      comment: 'projections run in a thread of their own, which loads no web framework',
      severity: 'error',
      from: { path: '^libs/read-models/|^libs/[^/]+/src/projections?/', pathNot: TESTS },
      to: { path: 'node_modules/(@nestjs|fastify)/' },
    },
    {
      name: 'pure',
      comment:
        'time, randomness and lookups are gathered before a decision; a decider or a factor imports no framework and no I/O',
      severity: 'error',
      from: { path: `^libs/(factors|contracts|canonical)/|${DECIDERS}`, pathNot: TESTS },
      to: {
        path: '^(node:)?(crypto|fs|net|http|https|os|child_process|worker_threads|timers|process)(/|$)|node_modules/(@nestjs|fastify|pino|undici)/',
      },
    },
    {
      name: 'kernel-without-framework',
      severity: 'error',
      from: { path: '^libs/(event-sourcing|vault|client|canonical)/', pathNot: TESTS },
      to: { path: 'node_modules/(@nestjs|fastify|pino)/' },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TESTS },
      to: { path: '^libs/testing/|/testing/index[.]ts$|node_modules/(jest|fast-check|@jest|oidc-provider)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|libs)/.*/dist/|^tools/forbidden-imports/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sparekey/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
