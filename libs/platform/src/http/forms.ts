import type { PipeTransform } from '@nestjs/common';
import { refuse } from '@sparekey/contracts';
import Type, { type TProperties } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { BodyPipe } from './body.pipe.ts';

/** A body of which one part differs from kind to kind: `fields` is that part, checked by the kind's own schema. */
export type WithFields<Base> = Base & { readonly fields: Readonly<Record<string, unknown>> };

/** So many faults are told of, and so much of a name that a client made up. */
const [MOST_FAULTS, LONGEST_NAME] = [20, 256];

interface Form {
  readonly properties: TProperties;
  readonly validator: Validator;
}

/** Of every class that has forms, for the document of the API. */
const known = new Map<string, FormsPipe>();

/**
 * Bodies that begin alike and go on by kind. What is alike is a class as for any other body; the rest is JSON Schema, by the
 * word that the field `tag` holds, or any of them where the address says what it is about.
 */
export class FormsPipe implements PipeTransform {
  readonly #base: abstract new () => object;
  readonly #tag: string | undefined;
  readonly #forms: ReadonlyMap<string, Form>;

  constructor(base: abstract new () => object, forms: Readonly<Record<string, TProperties>>, tag?: string) {
    this.#base = base;
    this.#tag = tag;
    this.#forms = new Map(
      Object.entries(forms).map(([word, properties]) => [
        word,
        { properties, validator: Compile(Type.Object(properties, { additionalProperties: false })) },
      ]),
    );
    known.set(base.name, this);
  }

  transform(given: unknown): unknown {
    const forms = this.#formsOf(given);
    const isOwn = (name: string) => forms.some(({ properties }) => Object.hasOwn(properties, name));
    const entries = Object.entries(Object(given) as object);
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    const common = isObject ? Object.fromEntries(entries.filter(([name]) => !isOwn(name))) : given;
    const base = this.#tag === undefined ? nothing(common) : this.#alike(common);
    const fields = Object.fromEntries(entries.filter(([name]) => isOwn(name)));
    const [form] = forms;
    if (form && !forms.some(({ validator }) => validator.Check(fields)))
      throw refuse('validation-failed', { errors: faultsOf(form.validator, fields) });
    return { ...base, fields };
  }

  #alike(common: unknown): object {
    return new BodyPipe().transform(common, { type: 'body', metatype: this.#base as never }) as object;
  }

  /** The one that the body names, or all of them; none where its word is no word of ours, which the base refuses. */
  #formsOf(given: unknown): readonly Form[] {
    if (this.#tag === undefined) return [...this.#forms.values()];
    const word = (given as Record<string, unknown> | null | undefined)?.[this.#tag];
    const form = typeof word === 'string' ? this.#forms.get(word) : undefined;
    return form ? [form] : [];
  }

  /** For who learns only later which kind a body is about. @throws Refusal `validation-failed` */
  require(word: string, fields: object): void {
    const validator = this.#forms.get(word)?.validator;
    if (validator?.Check(fields)) return;
    throw refuse('validation-failed', { errors: validator ? faultsOf(validator, fields) : [] });
  }

  /** @param base the schema of what is alike */
  describe(base: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { properties = {}, required = [] } = base as { properties?: object; required?: readonly string[] };
    const members = [...this.#forms].map(([word, form]) => {
      const tag = this.#tag !== undefined && { [this.#tag]: { type: 'string', enum: [word] } };
      const own = JSON.parse(JSON.stringify(Type.Object(form.properties))) as typeof base;
      return {
        type: 'object',
        required: [...required, ...((own.required as string[] | undefined) ?? [])],
        properties: { ...properties, ...tag, ...(own.properties as object) },
        additionalProperties: false,
      };
    });
    if (members.length === 1) return members[0]!;
    if (this.#tag === undefined) return { anyOf: members };
    return { oneOf: members, discriminator: { propertyName: this.#tag } };
  }
}

/** Puts forms in the place of the schemas of what they have in common. */
export function describeForms(schemas: Record<string, Record<string, unknown>>): void {
  for (const [name, forms] of known) if (schemas[name]) schemas[name] = forms.describe(schemas[name]);
}

/** Bodies of which nothing is alike. @throws Refusal */
function nothing(common: unknown): object {
  if (typeof common !== 'object' || common === null || Array.isArray(common))
    throw refuse('validation-failed', { detail: 'the body must be a JSON object' });
  const errors = Object.keys(common).map((name) => {
    const field = name.slice(0, LONGEST_NAME);
    return { field, message: `property ${field} should not exist` };
  });
  if (errors.length > 0) throw refuse('validation-failed', { errors: errors.slice(0, MOST_FAULTS) });
  return {};
}

function faultsOf(validator: Validator, fields: object): { field: string; message: string }[] {
  return validator.Errors(fields).map(({ instancePath, message, params }) => {
    const { requiredProperties: [missing] = [] } = (params ?? {}) as { requiredProperties?: string[] };
    const path = [...instancePath.split('/').slice(1), ...(missing === undefined ? [] : [missing])];
    const field = path.join('.');
    return { field, message: `${field} ${message}` };
  });
}
