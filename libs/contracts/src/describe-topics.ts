import { EVENT_CATALOGUE } from './codec.ts';
import type { FactType } from './fact.ts';
import { cloudEventType, PUBLISHED } from './published.ts';
import { SIGN_IN_SCHEMAS, SIGN_IN_TYPES, type SignInMessageKind } from './sign-in-messages.ts';

type Json = Readonly<Record<string, unknown>>;

const text = { type: 'string' } as const;
const ATTRIBUTES = {
  'content-type': { const: 'application/json' },
  ce_specversion: { const: '1.0' },
  ce_id: text,
  ce_source: text,
  ce_time: { type: 'string', format: 'date-time' },
} as const;

const message = (type: string, attributes: Json, payload: Json): Json => ({
  name: type,
  headers: {
    type: 'object',
    required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time'],
    properties: { ...ATTRIBUTES, ce_type: { const: type }, ...attributes },
  },
  payload,
});

/** What is said on the topics that internal services read and write: AsyncAPI 3.0, made from the events themselves. */
export function describeTopics(): Json {
  const said = publishedMessages();
  const heard = Object.fromEntries(
    (Object.keys(SIGN_IN_TYPES) as SignInMessageKind[]).map((kind) => {
      const jws = { ce_jws: { ...text, description: 'a detached JWS by a registered key of the service' } };
      return [`sign-in-${kind}`, message(SIGN_IN_TYPES[kind], jws, SIGN_IN_SCHEMAS[kind] as unknown as Json)];
    }),
  );
  const channel = (address: string, messages: Json, more: Json = {}): Json => ({
    address,
    messages,
    ...more,
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sparekey',
      version: '1',
      description:
        'CloudEvents 1.0 in binary mode, key `domain.user`. What is said opens no session: results are fetched over HTTP.',
    },
    channels: {
      public: channel('sparekey.public.{domain}.v1', said, { parameters: { domain: {} } }),
      signIns: channel('sparekey.sign-ins.v1', heard),
    },
    operations: {
      say: { action: 'send', channel: { $ref: '#/channels/public' } },
      hear: { action: 'receive', channel: { $ref: '#/channels/signIns' } },
    },
  };
}

function publishedMessages(): Json {
  const messages: [string, Json][] = [];
  for (const [context, types] of Object.entries(EVENT_CATALOGUE)) {
    for (const stored of types) {
      const { type } = stored;
      const published = PUBLISHED[type as FactType];
      if (!published) continue;
      const { version, schema } = published.form ?? stored;
      const properties = Object.fromEntries(
        published.fields.map((field) => [field, (schema.properties as Json)[field]]),
      );
      const required = ((schema as { required?: string[] }).required ?? []).filter(
        (name) => name in properties,
      );
      const extensions = { ce_subject: text, ...('challengeRef' in properties && { ce_challengeref: text }) };
      const name = cloudEventType(context, type, version);
      messages.push([type, message(name, extensions, { type: 'object', required, properties })]);
    }
  }
  return Object.fromEntries(messages);
}
