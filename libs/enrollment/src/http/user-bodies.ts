import { readMailAddress, readPhoneNumber } from '@sparekey/canonical';
import { ApiProperty } from '@nestjs/swagger';
import { ROLES, SIGN_IN_ID, type Role } from '@sparekey/contracts';
import { factorMethods, factorTypes, type FactorType } from '@sparekey/factors';
import {
  BodyMayBeAbsent,
  FormsPipe,
  MayBeAbsent,
  NameField,
  PatternField,
  WordField,
} from '@sparekey/platform';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsLocale,
  MaxLength,
  registerDecorator,
} from 'class-validator';

/** Longer ones no reader reads, with spaces and all (characters). */
const [LONGEST_MAIL, LONGEST_PHONE] = [508, 64];

function IsRead(
  name: string,
  read: (text: string) => unknown,
  message: string,
  options: { each?: boolean } = {},
) {
  return (target: object, propertyName: string | symbol): void =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      options,
      validator: {
        validate: (value) => typeof value === 'string' && read(value) !== undefined,
        defaultMessage: () => message,
      },
    });
}

const canonical =
  (read: (text: string) => string | undefined) =>
  (value: unknown): unknown =>
    typeof value === 'string' ? (read(value) ?? value) : value;
const canonicalMail = canonical((text) => readMailAddress(text)?.address);

/** What people change of themselves. */
export class ChangeUserBody {
  @NameField({ optional: true })
  displayName?: string;

  @ApiProperty({
    type: String,
    pattern: '^[A-Za-z0-9_-]+$',
    minLength: 2,
    maxLength: 35,
    required: false,
    description: 'BCP 47; an underscore may stand for a hyphen',
  })
  @MayBeAbsent()
  @IsLocale()
  @MaxLength(35)
  locale?: string;
}

export class PutUserBody extends ChangeUserBody {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'idn-email', maxLength: LONGEST_MAIL },
    maxItems: 10,
    uniqueItems: true,
    required: false,
    description:
      'All of them: what is left out is taken away. A mailbox that is not ASCII is taken where the mail server offers SMTPUTF8',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(canonicalMail) : value))
  @IsRead(
    'isMailAddress',
    readMailAddress,
    '$property must be addresses that mail reaches, such as ada@example.org',
    {
      each: true,
    },
  )
  emails?: string[];

  @ApiProperty({
    type: String,
    maxLength: LONGEST_PHONE,
    required: false,
    description: 'With its country, such as +1 415 555 0123; kept and shown as E.164',
  })
  @MayBeAbsent()
  @Transform(({ value }: { value: unknown }) => canonical(readPhoneNumber)(value))
  @IsRead(
    'isPhoneNumber',
    readPhoneNumber,
    '$property must be a telephone number with its country, such as +14155550123',
  )
  phone?: string;

  @ApiProperty({
    enum: ROLES,
    isArray: true,
    uniqueItems: true,
    required: false,
    description: 'Granted by an administrator in person, or by the operator; left as they are where absent',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles?: Role[];
}

@BodyMayBeAbsent()
export class SkipBody {
  @PatternField(SIGN_IN_ID, {
    optional: true,
    description:
      'For a service that acts on behalf: its own id of the sign-in that goes on without a second step',
  })
  signInId?: string;
}

const fieldsOf = (of: 'enrolBody' | 'confirmBody') =>
  Object.fromEntries(factorMethods().map((method) => [method.type, method[of]]));

export class AddFactorBody {
  @WordField(factorTypes())
  type: FactorType;

  @NameField({ optional: true })
  name?: string;
}

/** Beside it stands what adding one of that kind takes. */
export const ADD_FACTOR = new FormsPipe(AddFactorBody, fieldsOf('enrolBody'), 'type');

export class ConfirmFactorBody {}

export const CONFIRM_FACTOR = new FormsPipe(ConfirmFactorBody, fieldsOf('confirmBody'));

export class ChangeFactorBody {
  @NameField({ optional: true })
  name?: string;

  @ApiProperty({ type: Boolean, required: false, enum: [true] })
  @MayBeAbsent()
  @IsBoolean()
  default?: boolean;
}
