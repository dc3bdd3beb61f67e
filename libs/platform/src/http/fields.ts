import { applyDecorators } from '@nestjs/common';
import { isDateTime, isName, LONGEST_NAME, LONGEST_NAME_POINTS, normalizeName } from '@sparekey/canonical';
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

const normalize = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? normalizeName(value) : value;

function IsName(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isName',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isName(value),
        defaultMessage: () =>
          `$property must be 1 to ${LONGEST_NAME} visible characters, none of which reorders or hides others`,
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

/** A name or free text: 1 to 128 characters as a reader counts them. */
export const NameField = (options: FieldOptions = {}) =>
  field(
    options,
    { type: String, minLength: 1, maxLength: LONGEST_NAME_POINTS },
    Transform(normalize),
    IsName(),
  );

/** Text of a fixed form. */
export const PatternField = (pattern: RegExp, options: FieldOptions = {}) =>
  field(
    options,
    { type: String, pattern: pattern.source },
    Matches(pattern, { message: `$property must be text of the form ${pattern.source}` }),
  );

/** An id that Sparekey made. */
export const UuidField = (options: FieldOptions = {}) => PatternField(UUID, options);

function IsMoment(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isMoment',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isDateTime(value),
        defaultMessage: () =>
          '$property must be a date-time by RFC 3339 that exists, such as 2030-01-31T12:00:00Z',
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
    { type: 'integer', minimum: 1, maximum: 200, default: 50 },
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
