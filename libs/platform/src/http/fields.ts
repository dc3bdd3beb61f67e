import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  ValidateIf,
} from 'class-validator';

/** Letters, marks, numbers, punctuation, symbols and plain spaces; no control, format or bidirectional characters. */
const VISIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]+$/u;

/** The one type of names and free text: NFC, 1–64 visible characters, something else than spaces among them. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && [...value].length <= 64 && value.trim() !== '' && VISIBLE.test(value);
}

const normalize = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && value.length <= 1_024 ? value.normalize('NFC').trim() : value;

function IsName(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isName',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: isName,
        defaultMessage: () => '$property must be 1 to 64 visible characters',
      },
    });
}

/** RFC 9562, in lower case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface FieldOptions {
  readonly optional?: boolean;
  readonly description?: string;
}

/** The field may be left out; `null` is not leaving it out. */
export const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

const field = (
  { optional = false, description }: FieldOptions,
  api: ApiPropertyOptions,
  ...decorators: PropertyDecorator[]
) =>
  applyDecorators(
    ApiProperty({ required: !optional, ...(description && { description }), ...api } as ApiPropertyOptions),
    ...(optional ? [MayBeAbsent()] : []),
    ...decorators,
  );

/** A name or free text. */
export const NameField = (options: FieldOptions = {}) =>
  field(options, { type: String, minLength: 1, maxLength: 64 }, Transform(normalize), IsName());

/** Text of a fixed form. */
export const PatternField = (pattern: RegExp, options: FieldOptions = {}) =>
  field(
    options,
    { type: String, pattern: pattern.source },
    Matches(pattern, { message: `$property must be text of the form ${pattern.source}` }),
  );

/** An id that Sparekey made. */
export const UuidField = (options: FieldOptions = {}) => PatternField(UUID, options);

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function IsMoment(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isMoment',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) =>
          typeof value === 'string' && MOMENT.test(value) && Number.isFinite(Date.parse(value)),
        defaultMessage: () => '$property must be a time by RFC 3339, such as 2030-01-31T12:00:00Z',
      },
    });
}

/** A moment by RFC 3339, with its offset. */
export const MomentField = (options: FieldOptions = {}) =>
  field(options, { type: String, format: 'date-time' }, IsMoment());

/** What a person typed or a program was handed: opaque here, bounded in length. */
export const OpaqueField = (maxLength: number, options: FieldOptions = {}) =>
  field(options, { type: String, minLength: 1, maxLength }, MaxLength(maxLength), MinLength(1));

/** One of a few words. */
export const WordField = (words: readonly string[], options: FieldOptions = {}) =>
  field(options, { type: String, enum: [...words] }, IsIn([...words]));

/** How many entries of a list are wanted: 50 of them unless it says otherwise, at most 200. */
export const LimitField = () =>
  field(
    { optional: true },
    { type: Number, minimum: 1, maximum: 200, default: 50 },
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(200),
  );

/** Checks a part of the path. @throws Refusal `validation-failed` */
export class IdPipe {
  constructor(
    private readonly name: string,
    private readonly pattern: RegExp,
  ) {}

  transform(value: string): string {
    if (this.pattern.test(value)) return value;
    throw refuse('validation-failed', {
      errors: [{ field: this.name, message: `must be of the form ${this.pattern.source}` }],
    });
  }
}
