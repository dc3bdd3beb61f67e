import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS } from '@sparekey/contracts';
import type { FastifyInstance } from 'fastify';
import type { Configuration } from '../configuration.ts';

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

/** The API of the rooms that this process serves, generated from their code. */
export function describeApi(app: NestFastifyApplication, publicUrl: string): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Sparekey')
    .setDescription('Two-step verification and account recovery')
    .setVersion('1')
    .addServer(publicUrl)
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (_controller, method) => method,
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA as never },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Record<string, { responses?: Record<string, unknown> }>)) {
      if (!operation.responses) continue;
      operation.responses.default = {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
  return document;
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
