import { readFileSync } from 'node:fs';
import { Compile, type Validator } from 'typebox/schema';
import type { Api, ApiAnswer } from './api.ts';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}
interface Route {
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly operation: Operation;
}

const DOCUMENT = new URL('../../../docs/api/openapi.json', import.meta.url);

/** Makes the calls as they are, and fails where an answer is not one that the OpenAPI document tells of, to the last field. */
export function documented(api: Api): Api {
  return async (method, path, call) => {
    const answer = await api(method, path, call);
    check(method, path, answer);
    return answer;
  };
}

let read: { readonly routes: readonly Route[]; readonly components: unknown } | undefined;
const validators = new Map<object, Validator>();

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
}

/** From now on answers are held against this one, of an API that is not the committed one. */
export function holdTo(document: object): void {
  read = routesOf(document as Document);
  validators.clear();
}

const document = () => (read ??= routesOf(JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Document));

function routesOf({ paths, components }: Document) {
  const routes = Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const parts = template
        .split('/')
        .map((part) => part.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+'));
      return { method, template, pattern: new RegExp(`^${parts.join('/')}$`), operation };
    }),
  );
  // of two that fit, the one with more that is fixed
  routes.sort((one, other) => one.template.split('{').length - other.template.split('{').length);
  return { routes, components: closed(components) };
}

/** In the document's own words a client has to bear fields that come later; here one that is not named is a fault of the document. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const { title, requestId } = (inner.properties ?? {}) as { title?: object; requestId?: object };
  const isProblem = title !== undefined && requestId !== undefined;
  return inner.type === 'object' && 'required' in inner && !isProblem
    ? { additionalProperties: false, ...inner }
    : inner;
}

function check(method: string, path: string, { status, body, headers }: ApiAnswer): void {
  const { routes, components } = document();
  const [pathname = ''] = path.split('?');
  const route = routes.find((one) => one.method === method.toLowerCase() && one.pattern.test(pathname));
  if (!route) return;
  const fail = (what: string) => {
    throw new Error(
      `${method} ${route.template} answered ${status}, ${what}: ${JSON.stringify(body)?.slice(0, 500)}`,
    );
  };
  const response = route.operation.responses[String(status)] ?? fail('which the document does not tell of');
  const [mediaType = ''] = String(headers['content-type'] ?? '').split(';');
  if (!response.content) return body === undefined || body === '' ? undefined : fail('with a body');
  const content = response.content[mediaType] ?? fail(`as ${mediaType}`);
  if (!content.schema) return;
  const validator =
    validators.get(content) ?? Compile({ ...(closed(content.schema) as object), components } as object);
  validators.set(content, validator);
  if (!validator.Check(body)) fail(JSON.stringify(validator.Errors(body)[1].slice(0, 5)));
}
