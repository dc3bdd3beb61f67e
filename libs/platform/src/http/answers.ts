import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';

/** What stands in answers, as JSON Schema; {@link AnswerOf} is its type. The document of the API names it by its `$id`. */
export const answer = <Properties extends TProperties>(
  $id: string,
  properties: Properties,
): TObject<Properties> => Type.Object(properties, { $id });

export type AnswerOf<Schema extends TSchema> = Static<Schema>;

/** One of several, told apart by a word that each of them holds. */
export const eitherOf = <Schemas extends TSchema[]>($id: string, schemas: [...Schemas]) =>
  Type.Union(schemas, { $id });

/** A part of another answer, which has no name of its own. */
export const part = Type.Object;
export const text = (description?: string) => Type.String(said(description));
export const flag = (description?: string) => Type.Boolean(said(description));
export const count = (description?: string) => Type.Integer({ minimum: 0, ...said(description) });
export const uuid = (description?: string) => Type.String({ format: 'uuid', ...said(description) });
export const link = (description?: string) => Type.String({ format: 'uri', ...said(description) });
/** RFC 3339. */
export const dateTime = (description?: string) => Type.String({ format: 'date-time', ...said(description) });
export const list = <Schema extends TSchema>(items: Schema, description?: string) =>
  Type.Unsafe<readonly Static<Schema>[]>(Type.Array(items, said(description)));
export const word = <const Words extends readonly string[]>(words: Words, description?: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...said(description) });
export const perhaps = Type.Optional;
export const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
/** A page of a list; `next` is the `cursor` of the one behind it. */
export const page = <Items extends TSchema>($id: string, items: Items) =>
  answer($id, { items: list(items), next: orNull(Type.String()) });
/** What no schema of ours describes further. */
export const anything = (description?: string) => Type.Unknown(said(description));

const said = (description: string | undefined) => (description === undefined ? {} : { description });

const ANSWERS = 'sparekey:answers';

export interface Answer {
  readonly description: string;
  readonly schema?: object;
  /** Where it is not JSON. */
  readonly mediaTypes?: readonly string[];
}

/** What a handler answers with this status; one without anything says just why. */
export const Answers =
  (status: number, description: string, schema?: TSchema, mediaTypes?: readonly string[]): MethodDecorator =>
  (_target, _key, descriptor) => {
    const handler = descriptor.value as object;
    const before = answersOf(handler);
    const answer = { description, ...(schema && { schema }), ...(mediaTypes && { mediaTypes }) };
    Reflect.defineMetadata(ANSWERS, new Map([[status, answer], ...before]), handler);
  };

/** What {@link Answers} said of a handler. */
export const answersOf = (handler: object): ReadonlyMap<number, Answer> =>
  (Reflect.getMetadata(ANSWERS, handler) as ReadonlyMap<number, Answer> | undefined) ?? new Map();
