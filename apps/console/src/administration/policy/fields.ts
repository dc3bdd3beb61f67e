import schema from '../../api/policy-schema.json';
import type { Schemas } from '../../api/client.ts';
import { methodOf } from '../../methods/index.ts';
import type { Setting } from '../../methods/method.ts';
import { SETTINGS } from '../../methods/settings.ts';
import { numbered } from '../../texts/index.ts';
import { say } from './texts.ts';

export type Policy = Schemas['Policy'];

interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly { readonly const: string }[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** One thing that a domain chooses, as the API's own schema bounds it. */
export interface PolicyField extends Setting {
  /** Such as `waits.after`. */
  readonly path: string;
  readonly kind: 'switch' | 'number' | 'choice' | 'moment' | 'text' | 'lines';
  readonly choices: readonly string[];
  readonly minimum: number;
  readonly maximum: number;
}

interface PolicyGroup {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly PolicyField[];
}

const KINDS: Readonly<Record<string, PolicyField['kind']>> = {
  boolean: 'switch',
  integer: 'number',
  array: 'lines',
};

const kindOf = ({ type = '', anyOf, maxLength }: Node): PolicyField['kind'] =>
  anyOf ? 'choice' : (KINDS[type] ?? (maxLength === undefined ? 'moment' : 'text'));

/** By a name that the schema may have before these pages know it. */
type Words<T> = Readonly<Record<string, T | undefined>>;
const SETTING_WORDS: Words<Setting> = say.settings;
const GROUP_WORDS: Words<string> = say.groups;
const CHOICE_WORDS: Words<string> = say.choices;

/** Words for every field; one that these pages do not know yet goes by its name in the API. */
function settingOf(path: string): Setting {
  const [, method = '', field = ''] = /^factors\.([^.]+)\.(.+)$/.exec(path) ?? [];
  return SETTING_WORDS[path] ?? SETTINGS[method]?.[field] ?? { label: path, about: '' };
}

const fieldOf = (path: string, node: Node): PolicyField => ({
  path,
  kind: kindOf(node),
  choices: (node.anyOf ?? []).map(({ const: value }) => value),
  minimum: node.minimum ?? -Infinity,
  maximum: node.maximum ?? Infinity,
  ...settingOf(path),
});

const fieldsOf = (path: string, node: Node): PolicyField[] =>
  node.properties
    ? Object.entries(node.properties).flatMap(([name, inner]) => fieldsOf(`${path}.${name}`, inner))
    : [fieldOf(path, node)];

/** What everybody is asked for comes before how each method does it. */
const FIRST = ['enrollment', 'maxFactors'];
const rankOf = ([name]: readonly [string, Node]): number => (FIRST.includes(name) ? 0 : 1);

/** The policy in parts: each method is one, and so is each group of the rest. */
export const GROUPS: readonly PolicyGroup[] = Object.entries((schema as Node).properties ?? {})
  .toSorted((one, other) => rankOf(one) - rankOf(other))
  .flatMap(([name, node]) =>
    name === 'factors'
      ? Object.entries(node.properties ?? {}).map(([method, inner]) => ({
          id: method,
          title: methodOf(method)?.name ?? method,
          fields: fieldsOf(`factors.${method}`, inner),
        }))
      : [{ id: name, title: GROUP_WORDS[name] ?? name, fields: fieldsOf(name, node) }],
  );

export const FIELDS = GROUPS.flatMap(({ fields }) => fields);

export type Value = string | number | boolean | readonly string[] | undefined;

export const valueAt = (policy: object, path: string): Value =>
  path
    .split('.')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], policy) as Value;

/** The same policy with one field changed; nothing takes it away. */
export function withValue<T extends object>(policy: T, path: string, value: Value): T {
  const [name = '', ...rest] = path.split('.');
  const { [name]: inner, ...others } = policy as Record<string, unknown>;
  if (rest.length > 0) return { ...others, [name]: withValue(inner ?? {}, rest.join('.'), value) } as T;
  return (value === undefined ? others : { ...policy, [name]: value }) as T;
}

/** Lists are the same where what stands in them is. */
export const isSame = (one: Value, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);

export const choiceOf = (value: string): string => CHOICE_WORDS[value] ?? value;

/** A value as people read it. */
export function written(field: PolicyField, value: Value): string {
  if (value === undefined || value === '') return say.nothing;
  if (typeof value === 'object') return value.length === 0 ? say.nothing : value.join(', ');
  if (typeof value === 'boolean') return value ? say.on : say.off;
  if (typeof value === 'number') return [numbered(value), field.unit].filter(Boolean).join(' ');
  return choiceOf(value);
}

export interface Change {
  readonly field: PolicyField;
  readonly from: Value;
  readonly to: Value;
}

/** What differs between two policies, in the order of the page. */
export const changesBetween = (before: object, after: object): Change[] =>
  FIELDS.flatMap((field) => {
    const [from, to] = [valueAt(before, field.path), valueAt(after, field.path)];
    return isSame(from, to) ? [] : [{ field, from, to }];
  });
