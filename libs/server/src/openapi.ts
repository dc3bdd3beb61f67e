import { isDeepStrictEqual } from 'node:util';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '@sparekey/contracts';
import type { FastifyInstance } from 'fastify';
import { requirementOf } from '@sparekey/access-control';
import {
  type Configuration,
  answersOf,
  type Answer,
  describeForms,
  byStatus,
  refusalsOf,
} from '@sparekey/platform';

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/** Whatever is asked, and of whom: the request cannot be read, is meant for another host, or Sparekey cannot answer now. */
const EVERYWHERE: readonly ProblemCode[] = [
  'validation-failed',
  'misdirected',
  'internal',
  'busy',
  'not-ready',
  'vault-unavailable',
];

type Handler = object;
interface Operation {
  operationId?: string;
  parameters?: readonly { readonly in: string }[];
  requestBody?: { readonly content: Readonly<Record<string, { readonly schema: SchemaPart }>> };
  responses: Record<string, unknown>;
}
type SchemaPart = Record<string, unknown>;

/** The API of the rooms that this process serves, generated from their code. */
export function describeApi(app: NestFastifyApplication, publicUrl: string): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Sparekey')
    .setDescription('Two-step verification and account recovery')
    .setVersion('1')
    .addServer(publicUrl)
    .addBearerAuth()
    .setOpenAPIVersion('3.1.0') // whose schemas are JSON Schema
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (_controller, method) => method,
  });
  const schemas = { ...document.components?.schemas, Problem: PROBLEM_SCHEMA } as Record<string, SchemaPart>;
  describeForms(schemas);
  document.components = { ...document.components, schemas: schemas };
  const handlers = handlersOf(app);
  for (const path of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(path as Record<string, Operation>)) {
      const handler = handlers.get(operation.operationId!)!;
      operation.responses = describeAnswers(answersOf(handler), schemas);
      const codes = codesOf(handler, method, operation);
      for (const [status, which] of byStatus(codes)) operation.responses[status] = problemWith(which);
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) close(schema, schemas);
    }
  }
  return document;
}

/** Every method of every controller, by its name, which is an operation's id. */
function handlersOf(app: NestFastifyApplication): ReadonlyMap<string, Handler> {
  const found = new Map<string, Handler>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      const prototype = (metatype as { prototype: Record<string, Handler> }).prototype;
      for (const name of Object.getOwnPropertyNames(prototype)) found.set(name, prototype[name]!);
    }
  }
  return found;
}

/** What a call may be refused with: by how it is asked, by whom, and by what its handler says. */
function codesOf(handler: Handler, method: string, operation: Operation): readonly ProblemCode[] {
  const { anyOf = [], fresh, mayHaveSession } = requirementOf(handler) ?? {};
  const isInPath = operation.parameters?.some(({ in: place }) => place === 'path');
  const changes = method !== 'get';
  const codes: ProblemCode[] = [...EVERYWHERE, ...refusalsOf(handler)];
  if (isInPath) codes.push('not-found');
  if (changes) codes.push('too-large');
  if (mayHaveSession) codes.push('forbidden'); // from another site's page
  if (anyOf.length === 0) return codes;
  codes.push('unauthenticated', 'forbidden');
  if (anyOf.some((one) => one !== 'operator' && one !== 'service') || fresh) codes.push('step-up-required');
  if (changes) codes.push('too-many-requests');
  return codes;
}

function describeAnswers(
  answers: ReadonlyMap<number, Answer>,
  schemas: Record<string, SchemaPart>,
): Operation['responses'] {
  const responses: Operation['responses'] = {};
  for (const [status, { description, schema, mediaTypes = ['application/json'] }] of answers) {
    const content = schema && { schema: named(schema, schemas) };
    responses[status] = {
      description,
      ...((content ?? (status !== 204 && status < 300)) && {
        content: Object.fromEntries(mediaTypes.map((type) => [type, content ?? {}])),
      }),
    };
  }
  return responses;
}

/** A schema in whose place, wherever it has a name, stands a reference to that one. */
function named(schema: object, schemas: Record<string, SchemaPart>): SchemaPart {
  const { $id, ...whole } = JSON.parse(JSON.stringify(schema)) as SchemaPart & { $id?: string };
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    if (typeof value !== 'object' || value === null) return value;
    if ('$id' in value) return named(value, schemas);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
  };
  const described = inner(whole) as SchemaPart;
  if ($id === undefined) return described;
  if ($id in schemas && !isDeepStrictEqual(schemas[$id], described))
    throw new Error(`two answers are called ${$id}`);
  schemas[$id] = described;
  return { $ref: `#/components/schemas/${$id}` };
}

const problemWith = (codes: readonly ProblemCode[]) => ({
  description: codes.join(' · '),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { code: { type: 'string', enum: codes } } },
        ],
      },
    },
  },
});

/** What a client sends has no fields but those that are named. */
function close(part: SchemaPart, schemas: Readonly<Record<string, SchemaPart>>): void {
  const { $ref, properties, items, allOf } = part as {
    $ref?: string;
    properties?: Record<string, SchemaPart>;
    items?: SchemaPart;
    allOf?: readonly SchemaPart[];
  };
  if ($ref !== undefined) close(schemas[$ref.split('/').at(-1)!]!, schemas);
  if (properties) part.additionalProperties ??= false;
  for (const inner of [...Object.values(properties ?? {}), ...(items ? [items] : []), ...(allOf ?? [])])
    close(inner, schemas);
}

/** `/openapi.json`, described when it is first asked for: starting does not wait for it. */
export function serveOpenApi(
  app: NestFastifyApplication,
  fastify: FastifyInstance,
  { publicUrl }: Configuration,
): void {
  let text: string | undefined;
  fastify.get('/openapi.json', async (_request, reply) => {
    text ??= JSON.stringify(describeApi(app, publicUrl));
    return reply.type('application/json').serializer(String).send(text);
  });
}
