import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { api, ask, type Schemas } from '../../api/client.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { timeOfDay } from '../../texts/index.ts';
import { spoken } from '../../texts/spoken.ts';

type Entry = Schemas['AuditEntry'];

const EVERY_MS = 2_000;

const say = spoken({
  en: {
    title: (name: string) => `Test a sign-in to ${name}`,
    lead: (name: string) =>
      `Sign in to ${name} now, in another window, as somebody who has two-step verification. What Sparekey sees of it appears here.`,
    waiting: 'Nothing yet.',
    check:
      'Where nothing comes: look whether the service calls this address with its own token, and whether its return address is registered exactly as it sends it.',
    works: 'It works: the second step was passed.',
    close: 'Close',
    seen: {
      'challenge.opened': 'It asked for a second step',
      'sign-in.allowed': 'No second step was needed: the person has none, or put it off',
      'sign-in.enrollment-required': 'The person has to set up two-step verification first',
      'sign-in.denied': 'The sign-in was denied',
      'code.rejected': 'A wrong code was given',
      'code.used': 'The second step was passed',
      'result.taken': 'The service fetched the result',
      'challenge.ended': 'The sign-in was ended',
    },
  },
  nl: {
    title: (name) => `Een aanmelding bij ${name} testen`,
    lead: (name) =>
      `Meld u nu in een ander venster aan bij ${name}, als iemand die zich in twee stappen aanmeldt. Wat Sparekey ervan ziet, verschijnt hier.`,
    waiting: 'Nog niets.',
    check:
      'Komt er niets: kijk of de dienst dit adres met zijn eigen sleutel aanroept, en of zijn terugkeeradres precies zo is geregistreerd als hij het stuurt.',
    works: 'Het werkt: de tweede stap is gezet.',
    close: 'Sluiten',
    seen: {
      'challenge.opened': 'De dienst vroeg om een tweede stap',
      'sign-in.allowed': 'Er was geen tweede stap nodig: de persoon heeft er geen of stelde het uit',
      'sign-in.enrollment-required': 'De persoon moet eerst aanmelden in twee stappen instellen',
      'sign-in.denied': 'De aanmelding is geweigerd',
      'code.rejected': 'Er is een verkeerde code gegeven',
      'code.used': 'De tweede stap is gezet',
      'result.taken': 'De dienst haalde de uitkomst van onze pagina op',
      'challenge.ended': 'De aanmelding is beëindigd',
    },
  },
});

type Seen = keyof typeof say.seen;
const isSeen = (action: string): action is Seen => Object.hasOwn(say.seen, action);

/** What the log tells of a service's sign-ins while somebody tries one; the newest of them, step by step. */
export function TestSignIn({
  domain,
  tested,
  onClose,
}: {
  readonly domain: string;
  /** None while it is closed. */
  readonly tested: Pick<Schemas['Service'], 'service' | 'displayName'> | undefined;
  readonly onClose: () => void;
}) {
  const { service, displayName = '' } = tested ?? {};
  return (
    <Dialog
      open={tested !== undefined}
      title={say.title(displayName)}
      lead={say.lead(displayName)}
      cancel={say.close}
      onClose={onClose}
    >
      {service !== undefined && <Watch key={service} domain={domain} service={service} />}
    </Dialog>
  );
}

function Watch({ domain, service }: { readonly domain: string; readonly service: string }) {
  const read = (query: object) =>
    ask(() => api.GET('/v1/domains/{domain}/audit', { params: { path: { domain }, query } }));
  const last = useQuery({
    queryKey: ['test-sign-in', domain, service, 'last'],
    gcTime: 0,
    queryFn: async () => (await read({ limit: 1 })).items[0] ?? null,
  });
  const since = useQuery({
    queryKey: ['test-sign-in', domain, service],
    gcTime: 0,
    enabled: last.data !== undefined,
    refetchInterval: EVERY_MS,
    queryFn: async () => (await read({ ...(last.data && { from: last.data.at }), limit: 100 })).items,
  });
  return (
    <Loaded of={last} ghosts={2}>
      {(before) => (
        <Loaded of={since} ghosts={2}>
          {(items) => (
            <Steps of={newestSignIn(items.filter(({ id }) => id !== before?.id).toReversed(), service)} />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

/** @param entries the oldest first */
function newestSignIn(entries: readonly Entry[], service: string): Entry[] {
  const newest = entries.findLast((entry) => entry.service === service && isSeen(entry.action));
  if (newest?.challengeRef === undefined) return newest ? [newest] : []; // it came to no challenge
  return entries.filter(({ action, challengeRef }) => isSeen(action) && challengeRef === newest.challengeRef);
}

const Steps = ({ of }: { readonly of: readonly Entry[] }) => (
  <div className="stack" role="status">
    {of.length === 0 && (
      <>
        <p>{say.waiting}</p>
        <p className="small">{say.check}</p>
      </>
    )}
    {of.length > 0 && (
      <ol className="rows">
        {of.map(({ id, at, action, outcome, userId }) => {
          const Icon = outcome === 'success' ? CircleCheck : CircleAlert;
          return (
            <li className="row" key={id}>
              <span className="lead">
                <Icon className="icon" aria-hidden="true" />
              </span>
              <div className="text">
                <p className="name">{say.seen[action as Seen]}</p>
                <p className="facts">
                  <time dateTime={at}>{timeOfDay(new Date(at))}</time> · <bdi>{userId}</bdi>
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    )}
    {of.some(({ action }) => action === 'code.used') && (
      <p>
        <b>{say.works}</b>
      </p>
    )}
  </div>
);
