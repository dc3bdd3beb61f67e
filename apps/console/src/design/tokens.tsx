import type { UseQueryResult } from '@tanstack/react-query';
import { Plus, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Refused } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { texts, when } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';
import { CopyButton } from './copy-button.tsx';
import { Act, Dialog } from './dialog.tsx';
import { Fault, sentenceOf } from './fault.tsx';
import { Field } from './field.tsx';
import { Choice } from './form.tsx';
import { Loaded } from './loaded.tsx';
import { toast } from './toast.tsx';
import { typed } from './typed.ts';

const say = spoken({
  en: {
    issue: 'New token',
    title: 'Make a token',
    name: 'Name',
    nameHint: 'Say what uses it, such as “nightly report”.',
    until: 'It works for',
    days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
    forEver: 'As long as nobody revokes it',
    make: 'Make the token',
    made: 'Your new token',
    once: 'Copy it now: it is shown here and never again.',
    done: 'I have it',
    created: (moment: string) => `Made ${moment}`,
    ends: (moment: string) => `ends ${moment}`,
    revoke: 'Revoke',
    question: (name: string) => `Revoke ${name}?`,
    consequence: 'Whatever uses it is refused from this moment.',
    keep: 'Keep it',
    revoked: (name: string) => `${name} is revoked.`,
    none: 'There is none yet.',
    tooLong: 'That is longer than your organisation lets a token live. Choose a shorter time.',
  },
  nl: {
    issue: 'Nieuwe sleutel',
    title: 'Een sleutel maken',
    name: 'Naam',
    nameHint: 'Zeg wat hem gebruikt, zoals “nachtelijk verslag”.',
    until: 'Hij werkt',
    days: (n: number) => (n === 1 ? '1 dag' : `${n} dagen`),
    forEver: 'Zolang niemand hem intrekt',
    make: 'De sleutel maken',
    made: 'Uw nieuwe sleutel',
    once: 'Kopieer hem nu: hij wordt hier getoond en daarna nooit meer.',
    done: 'Ik heb hem',
    created: (moment: string) => `Gemaakt ${moment}`,
    ends: (moment: string) => `eindigt ${moment}`,
    revoke: 'Intrekken',
    question: (name: string) => `${name} intrekken?`,
    consequence: 'Wat hem gebruikt, wordt vanaf dit moment geweigerd.',
    keep: 'Houden',
    revoked: (name: string) => `${name} is ingetrokken.`,
    none: 'Er is er nog geen.',
    tooLong: 'Dat is langer dan een sleutel bij uw organisatie mag leven. Kies een kortere tijd.',
  },
});

const DAYS = [1, 7, 30, 90];
const DAY_MS = 86_400_000;

interface Token {
  readonly tokenId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

/** Tokens of one kind: what there is, a new one that is shown once, and the end of one. */
export function Tokens<T extends Token>({
  query,
  Icon,
  explained,
  mustEnd = false,
  factsOf = () => undefined,
  more,
  onIssue,
  onRevoke,
}: {
  readonly query: UseQueryResult<{ readonly items: readonly T[] }>;
  readonly Icon: LucideIcon;
  /** How a new one is used. */
  readonly explained: string;
  /** It has to expire. */
  readonly mustEnd?: boolean;
  /** What else is known of one, in a few words. */
  readonly factsOf?: (token: T) => string | undefined;
  /** What else making one asks for. */
  readonly more?: ReactNode;
  readonly onIssue: (asked: {
    readonly name: string;
    readonly expiresAt?: string;
    readonly form: HTMLFormElement;
  }) => Promise<{ readonly token: string }>;
  readonly onRevoke: (tokenId: string) => Promise<unknown>;
}) {
  const issuing = useCall();
  const revoking = useCall();
  const [isAsking, setAsking] = useState(false);
  const [made, setMade] = useState<string>();
  const [leaving, setLeaving] = useState<T>();
  const issue = (form: HTMLFormElement) =>
    void issuing.call(async () => {
      const days = Number(typed(form, 'days'));
      const ends = days > 0 && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() };
      const { token } = await onIssue({ name: typed(form, 'name').trim(), ...ends, form });
      setAsking(false);
      setMade(token);
      await query.refetch();
    });
  const revoke = ({ tokenId, name }: T) =>
    void revoking.call(async () => {
      await onRevoke(tokenId);
      setLeaving(undefined);
      toast(say.revoked(name));
      await query.refetch();
    });
  const why = issuing.fault === undefined ? undefined : whyNot(issuing.fault);
  return (
    <section className="stack l">
      <div>
        <button
          className="btn primary"
          type="button"
          onClick={() => {
            issuing.clear();
            setAsking(true);
          }}
        >
          <Plus className="icon icon-s" aria-hidden="true" />
          {say.issue}
        </button>
      </div>
      <Loaded of={query} ghosts={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small">{say.none}</p>
          ) : (
            <ul className="rows">
              {items.map((token) => (
                <li className="row" key={token.tokenId}>
                  <span className="lead">
                    <Icon className="icon" aria-hidden="true" />
                  </span>
                  <div className="text">
                    <h2 className="name">
                      <bdi>{token.name}</bdi>
                    </h2>
                    <p className="facts">
                      {[
                        factsOf(token),
                        say.created(when(new Date(token.createdAt))),
                        token.expiresAt === undefined ? undefined : say.ends(when(new Date(token.expiresAt))),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </p>
                  </div>
                  <div className="end">
                    <button
                      className="btn plain small bad"
                      type="button"
                      onClick={() => {
                        revoking.clear();
                        setLeaving(token);
                      }}
                    >
                      {say.revoke}
                      <span className="only-heard"> {token.name}</span>
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog
        open={isAsking}
        title={say.title}
        lead={explained}
        cancel={texts.common.cancel}
        act={<Act busy={issuing.busy}>{say.make}</Act>}
        onSubmit={issue}
        onClose={() => setAsking(false)}
      >
        <Field name="name" label={say.name} hint={say.nameHint} autoComplete="off" fault={why} autoFocus />
        {more}
        <Choice
          name="days"
          label={say.until}
          chosen="30"
          options={[
            ...DAYS.map((n) => [String(n), say.days(n)] as const),
            ...(mustEnd ? [] : ([['0', say.forEver]] as const)),
          ]}
        />
      </Dialog>
      <Dialog
        open={made !== undefined}
        title={say.made}
        lead={say.once}
        cancel={say.done}
        onClose={() => setMade(undefined)}
      >
        <div className="secret">
          <span className="mono">{made}</span>
          <CopyButton text={made ?? ''} />
        </div>
      </Dialog>
      <Dialog
        open={leaving !== undefined}
        title={say.question(leaving?.name ?? '')}
        lead={say.consequence}
        cancel={say.keep}
        act={
          <Act danger busy={revoking.busy}>
            {say.revoke}
          </Act>
        }
        onSubmit={() => revoke(leaving!)}
        onClose={() => setLeaving(undefined)}
      >
        {revoking.fault !== undefined && <Fault id="revoke-fault">{sentenceOf(revoking.fault)}</Fault>}
      </Dialog>
    </section>
  );
}

const whyNot = (fault: unknown): string =>
  fault instanceof Refused && fault.problem.code === 'policy-refused' ? say.tooLong : sentenceOf(fault);
