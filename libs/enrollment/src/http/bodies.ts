import { ApiProperty } from '@nestjs/swagger';
import { ED25519_X, EVENT_KEY_ID, ROLES, SIGN_IN_ID, type Role } from '@sparekey/contracts';
import { FACTOR_TYPES, type FactorType } from '@sparekey/factors';
import { isLoopback, MayBeAbsent, NameField, OpaqueField, PatternField, WordField } from '@sparekey/platform';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsLocale,
  IsObject,
  IsPhoneNumber,
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

export class NameDomainBody {
  @NameField({ description: 'What people know the organisation by' })
  displayName: string;
}

class EventKeyBody {
  @PatternField(EVENT_KEY_ID, { description: 'Its name among the keys of the service' })
  kid: string;

  @WordField(['OKP'])
  kty: 'OKP';

  @WordField(['Ed25519'])
  crv: 'Ed25519';

  @PatternField(ED25519_X, { description: 'The public key (RFC 8037); a private one is refused' })
  x: string;
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
    description: 'Public keys by which the service signs what it says by event',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(5)
  @ArrayUnique(({ kid }: EventKeyBody) => kid)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => EventKeyBody)
  eventKeys?: EventKeyBody[];
}

export class PutUserBody {
  @ApiProperty({ type: [String], required: false, format: 'email', maxItems: 10 })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsEmail({}, { each: true })
  emails?: string[];

  @ApiProperty({ type: String, required: false, description: 'E.164, such as +14155550123' })
  @MayBeAbsent()
  @IsPhoneNumber()
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
  @OpaqueField(32, { description: 'The code that the factor shows now' })
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
