import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client.ts';
import { Loaded } from '../design/loaded.tsx';
import { Page } from '../design/page.tsx';
import { exactly, when } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    title: 'Development inbox',
    lead: 'What would have gone out, newest first. It is kept in memory and gone when Sparekey stops.',
    none: 'Nothing yet. Change something of an account, and the message about it is here.',
    mail: (to: string) => `Mail to ${to}`,
    text: (to: string) => `Text message to ${to}`,
  },
  nl: {
    title: 'Ontwikkelpostvak',
    lead: 'Wat verstuurd zou zijn, het nieuwste eerst. Het staat in het geheugen en is weg als Sparekey stopt.',
    none: 'Nog niets. Wijzig iets aan een account, en het bericht erover staat hier.',
    mail: (to) => `Mail aan ${to}`,
    text: (to) => `Sms aan ${to}`,
  },
});

/** As `GET /dev/inbox` answers, which is no part of the API's document. */
interface Message {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly at: string;
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
}

/** It comes anew every few seconds: what somebody does elsewhere is seen here. */
const EVERY_MS = 3_000;

async function read(): Promise<{
  data: { readonly items: readonly Message[] };
  error: unknown;
  response: Response;
}> {
  const response = await fetch('/dev/inbox', { headers: { accept: 'application/json' } });
  const body = (await response.json()) as { readonly items: readonly Message[] };
  return { data: body, error: body, response };
}

/** Every mail and text message of the demo, for its administrator. */
export default function InboxPage() {
  const query = useQuery({ queryKey: ['inbox'], queryFn: () => ask(read), refetchInterval: EVERY_MS });
  return (
    <Page title={say.title} lead={say.lead}>
      <Loaded of={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{say.none}</p>
          ) : (
            <ul className="rows">
              {items.map(({ id, channel, at, to, subject, text }) => (
                <li className="row" key={id}>
                  <article className="text">
                    <h2 className="name">
                      <bdi>{subject ?? say.text(to)}</bdi>
                    </h2>
                    <p className="facts">
                      {channel === 'email' && `${say.mail(to)} · `}
                      <time dateTime={at} title={exactly(new Date(at))}>
                        {when(new Date(at))}
                      </time>
                    </p>
                    <p className="letter">
                      <Linked text={text} />
                    </p>
                  </article>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

/** Addresses in a text can be opened from here. */
const Linked = ({ text }: { readonly text: string }) =>
  text.split(/(https?:\/\/[^\s<>"]+)/).map((part, n) =>
    n % 2 === 1 ? (
      <a key={n} href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  );
