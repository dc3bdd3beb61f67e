import { createHash } from 'node:crypto';
import { LONGEST_TYPED_CODE, readMailAddress, readPhoneNumber, readPublicKey } from '@sparekey/canonical';
import { ApiProperty } from '@nestjs/swagger';
import { ED25519_X, EVENT_KEY_ID, ROLES, SIGN_IN_ID, type Role } from '@sparekey/contracts';
import { FACTOR_TYPES, type FactorType } from '@sparekey/factors';
import {
  BodyMayBeAbsent,
  isLoopback,
  MayBeAbsent,
  NameField,
  OpaqueField,
  PatternField,
  WordField,
} from '@sparekey/platform';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsLocale,
  IsObject,
  MaxLength,
  registerDecorator,
  ValidateNested,
} from 'class-validator';

/** https, or http on this machine; no user, no fragment, written just as a URL is written. */
export function isWebAddress(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 2_048 || /[#\\\s]/.test(value) || !URL.canParse(value))
    return false;
  const { protocol, hostname, username, password, href } = new URL(value);
  const plain = protocol === 'http:' && isLoopback(hostname);
  return (
    (protocol === 'https:' || plain) && !username && !password && (href === value || href === `${value}/`)
  );
}

function IsWebAddress(options: { each?: boolean } = {}): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isWebAddress',
      target: target.constructor,
      propertyName: propertyName as string,
      options,
      validator: {
        validate: isWebAddress,
        defaultMessage: () =>
          '$property must be an https address (http only on loopback), without user or fragment',
      },
    });
}

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

export class NameDomainBody {
  @NameField({ description: 'What people know the organisation by' })
  displayName: string;
}

class EventKeyBody {
  @PatternField(EVENT_KEY_ID, {
    description: 'Its name among the keys of the service; default its thumbprint (RFC 7638)',
  })
  kid: string;

  @WordField(['OKP'])
  kty: 'OKP';

  @WordField(['Ed25519'])
  crv: 'Ed25519';

  @PatternField(ED25519_X, { description: 'The public key (RFC 8037); a private one is refused' })
  x: string;
}

/** RFC 7638: the required members of an OKP key (RFC 8037 section 2) in order, without spaces. */
const thumbprint = ({ crv, kty, x }: Partial<EventKeyBody>) =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');

function readEventKey(given: unknown): unknown {
  const key = readPublicKey(given, ['kid', 'kty', 'crv', 'x']) as Partial<EventKeyBody>;
  if (typeof key !== 'object' || key === null) return key;
  return plainToInstance(EventKeyBody, { kid: thumbprint(key), ...key });
}

export class RegisterServiceBody {
  @NameField()
  displayName: string;

  @ApiProperty({
    type: [String],
    required: false,
    description: 'Exact addresses that hosted challenges may return to',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsWebAddress({ each: true })
  returnUrls?: string[];

  @ApiProperty({
    type: Boolean,
    required: false,
    default: false,
    description: 'May make the calls marked self for its people',
  })
  @MayBeAbsent()
  @IsBoolean()
  onBehalf?: boolean;

  @ApiProperty({
    type: [EventKeyBody],
    required: false,
    maxItems: 5,
    description:
      'Public keys (JWK) by which the service signs what it says by event; members that are not listed are ignored, private ones refused',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(5)
  @ArrayUnique(({ kid }: EventKeyBody) => kid)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Transform(({ obj }: { obj: { eventKeys?: unknown } }) =>
    Array.isArray(obj.eventKeys) ? obj.eventKeys.map(readEventKey) : obj.eventKeys,
  )
  eventKeys?: EventKeyBody[];
}

export class PutUserBody {
  @ApiProperty({ type: [String], required: false, format: 'email', maxItems: 10 })
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

  @NameField({ optional: true })
  displayName?: string;

  @ApiProperty({ type: String, required: false, description: 'BCP 47' })
  @MayBeAbsent()
  @IsLocale()
  @MaxLength(35)
  locale?: string;

  @ApiProperty({
    enum: ROLES,
    isArray: true,
    required: false,
    description: 'Granted by an administrator in person, or by the operator; left as they are where absent',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles?: Role[];
}

class UserClaimBody {
  @OpaqueField(128, { description: 'The claim that says who somebody is' })
  claim: string;

  @ApiProperty({
    type: Boolean,
    required: false,
    default: false,
    description: 'It is an address or a login: the user is called by its keyed digest',
  })
  @MayBeAbsent()
  @IsBoolean()
  hash?: boolean;
}

class ClaimsBody {
  @ApiProperty({ type: UserClaimBody, description: 'Or just the name of the claim' })
  @Transform(({ obj, value }: { obj: { user?: unknown }; value: unknown }) =>
    typeof obj.user === 'string' ? plainToInstance(UserClaimBody, { claim: obj.user }) : value,
  )
  @IsObject()
  @ValidateNested()
  @Type(() => UserClaimBody)
  user: UserClaimBody;

  @OpaqueField(128, { optional: true })
  email?: string;

  @OpaqueField(128, { optional: true })
  displayName?: string;
}

export class SetProviderBody {
  @ApiProperty({ type: String, format: 'uri' })
  @IsWebAddress()
  issuer: string;

  @ApiProperty({ type: String, format: 'uri', description: 'Where its keys are' })
  @IsWebAddress()
  jwksUri: string;

  @OpaqueField(2_048, { description: 'What tokens that are meant for Sparekey say in `aud`' })
  audience: string;

  @OpaqueField(256, { optional: true, description: 'With one, people sign in through the provider' })
  clientId?: string;

  @ApiProperty({ type: ClaimsBody })
  @IsObject()
  @ValidateNested()
  @Type(() => ClaimsBody)
  claims: ClaimsBody;
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

export class AddFactorBody {
  @WordField(FACTOR_TYPES)
  type: FactorType;

  @NameField({ optional: true })
  name?: string;
}

export class ConfirmFactorBody {
  @OpaqueField(LONGEST_TYPED_CODE, {
    description: 'The code that the factor shows now, as the person typed or pasted it',
  })
  code: string;
}

export class ChangeFactorBody {
  @NameField({ optional: true })
  name?: string;

  @ApiProperty({ type: Boolean, required: false, enum: [true] })
  @MayBeAbsent()
  @IsBoolean()
  default?: boolean;
}
