import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ask } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault } from '../design/fault.tsx';
import { Field, PasswordField } from '../design/field.tsx';
import { Lines } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Mark } from '../design/mark.tsx';
import { Page } from '../design/page.tsx';
import { Languages } from '../design/sheet.tsx';
import { typed } from '../design/typed.ts';
import { texts } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';
import { exampleOf, type Schema } from './example-of.ts';
import { isJson, sendCall, type Answer, type Parameter } from './send-call.ts';

const say = spoken({
  en: {
    title: 'The API',
    lead: 'Every call of the API, from the server’s OpenAPI document. Calls sent from here are carried out for real.',
    token: 'Token to call with',
    tokenHint:
      'An API token, an access token or the operator’s. Without one, your session here is used. It is not stored.',
    document: 'The whole document (OpenAPI 3)',
    body: 'Body (JSON)',
    notJson: 'This is not valid JSON yet.',
    send: 'Send',
    answer: 'Answer',
    answers: 'Responses',
    lost: 'Nobody answered. If it was sent, it may have been carried out all the same.',
    optional: (name: string) => `${name} (optional)`,
  },
  nl: {
    title: 'De API',
    lead: 'Elke aanroep van de API, uit het OpenAPI-document van de server. Wat u hiervandaan verstuurt, wordt echt uitgevoerd.',
    token: 'Sleutel om mee aan te roepen',
    tokenHint:
      'Een API-sleutel, een toegangssleutel of die van de operator. Zonder sleutel wordt uw sessie hier gebruikt. Hij wordt niet bewaard.',
    document: 'Het hele document (OpenAPI 3)',
    body: 'Inhoud (JSON)',
    notJson: 'Dit is nog geen geldige JSON.',
    send: 'Versturen',
    answer: 'Antwoord',
    answers: 'Mogelijke antwoorden',
    lost: 'Er kwam geen antwoord. Is het verstuurd, dan kan het toch zijn uitgevoerd.',
    optional: (name) => `${name} (niet verplicht)`,
  },
});

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Call extends Operation {
  readonly method: string;
  readonly path: string;
}

async function describe() {
  const response = await fetch('/openapi.json');
  const data = (await response.json()) as Description;
  return { data, error: data, response };
}

/** @returns calls by what they are about, as the document groups them */
function grouped({ paths }: Description): [tag: string, calls: Call[]][] {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
  return [...Map.groupBy(calls, ({ tags: [tag = ''] = [] }) => tag)];
}

/** For developers: each call with its fields, sent from the page. */
export default function ApiPage() {
  const query = useQuery({ queryKey: ['openapi'], queryFn: () => ask(describe) });
  const [token, setToken] = useState('');
  useEffect(() => {
    document.body.className = '';
  }, []);
  return (
    <>
      <header className="top top-always">
        <a className="mark" href="/">
          <Mark id="mark-top" />
        </a>
        <Languages />
      </header>
      <Page title={say.title} lead={say.lead}>
        <form
          className="stack l narrow"
          onSubmit={(event) => event.preventDefault()}
          onChange={({ currentTarget }) => setToken(typed(currentTarget, 'token').trim())}
        >
          <PasswordField
            name="token"
            label={say.token}
            hint={say.tokenHint}
            autoComplete="off"
            fault={undefined}
            optional
          />
        </form>
        <p>
          <a href="/openapi.json">{say.document}</a>
        </p>
        <Loaded of={query}>
          {(description) =>
            grouped(description).map(([tag, calls]) => (
              <section key={tag} className="section" aria-labelledby={`of-${tag}`}>
                <h2 id={`of-${tag}`}>
                  <bdi>{tag}</bdi>
                </h2>
                {calls.map((call) => (
                  <One key={call.operationId} call={call} description={description} token={token} />
                ))}
              </section>
            ))
          }
        </Loaded>
      </Page>
    </>
  );
}

/** It is drawn whole when it is opened. */
function One({
  call,
  description,
  token,
}: {
  readonly call: Call;
  readonly description: Description;
  readonly token: string;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="api-call" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="mono">
          <b>{call.method}</b> {call.path}
        </span>{' '}
        <bdi className="facts">{call.summary ?? whatComes(call)}</bdi>
      </summary>
      {isOpen && <Try call={call} description={description} token={token} />}
    </details>
  );
}

/** What it answers where it does what it is for. */
const whatComes = ({ responses }: Operation): string | undefined =>
  Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].description;

function Try({
  call: { method, path, description: about, parameters = [], requestBody, responses },
  description: {
    components: { schemas },
  },
  token,
}: {
  readonly call: Call;
  readonly description: Description;
  readonly token: string;
}) {
  const { busy, fault, call } = useCall();
  const [answer, setAnswer] = useState<Answer>();
  const [isNoJson, setNoJson] = useState(false);
  const schema = requestBody?.content['application/json']?.schema;
  const send = (form: HTMLFormElement) => {
    const text = schema && typed(form, 'body');
    setNoJson(text !== undefined && !isJson(text));
    if (text !== undefined && !isJson(text)) return;
    setAnswer(undefined);
    void call(async () => setAnswer(await sendCall(method, path, { parameters, form, body: text, token })));
  };
  return (
    <form
      className="stack l"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
      }}
    >
      {about !== undefined && (
        <p>
          <bdi>{about}</bdi>
        </p>
      )}
      {parameters
        .filter((one) => one.in !== 'header' || one.required)
        .map(({ name, required = false }) => (
          <Field
            key={name}
            name={name}
            label={required ? name : say.optional(name)}
            optional={!required}
            autoComplete="off"
          />
        ))}
      {schema && (
        <Lines
          name="body"
          label={say.body}
          rows={8}
          lines={JSON.stringify(exampleOf(schema, schemas), undefined, 2).split('\n')}
          fault={isNoJson ? say.notJson : undefined}
        />
      )}
      <div>
        <button className="btn" type="submit" aria-disabled={busy}>
          {busy ? texts.common.working : say.send}
        </button>
      </div>
      {fault !== undefined && <Fault id="not-sent">{say.lost}</Fault>}
      <div role="status">
        {answer && (
          <h3>
            {say.answer} <span className="mono">{answer.status}</span>
          </h3>
        )}
      </div>
      {answer && (
        <pre className="mono answer" tabIndex={0} aria-label={say.answer}>
          {answer.body}
        </pre>
      )}
      <dl className="facts-list" aria-label={say.answers}>
        {Object.entries(responses).map(([status, one]) => (
          <div key={status}>
            <dt className="mono">{status}</dt>
            <dd>
              <bdi>{one.description}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </form>
  );
}
