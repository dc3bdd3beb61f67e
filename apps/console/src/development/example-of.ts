/** As much of JSON Schema as the API's document has. */
export interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly type?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** A body to begin with: every field, the first of each choice, and what is to be filled in left empty. */
export function exampleOf(schema: Schema, named: Readonly<Record<string, Schema>>): unknown {
  const of = (other: Schema) => exampleOf(other, named);
  const { $ref, oneOf, anyOf, allOf } = schema;
  if ($ref !== undefined) return of(named[$ref.split('/').at(-1)!] ?? {});
  const fixed = schema.default ?? schema.const ?? schema.enum?.[0];
  if (fixed !== undefined) return fixed;
  const one = (oneOf ?? anyOf)?.[0];
  if (one) return of(one);
  if (allOf) return Object.assign({}, ...allOf.map(of)) as object;
  return ofType(schema, of);
}

function ofType(
  { type, minimum = 0, items, properties = {} }: Schema,
  of: (schema: Schema) => unknown,
): unknown {
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, of(field)]));
    case 'array':
      return items ? [of(items)] : [];
    case 'integer':
    case 'number':
      return minimum;
    case 'boolean':
      return false;
    default:
      return '';
  }
}
