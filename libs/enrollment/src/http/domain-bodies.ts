import { createHash } from 'node:crypto';
import { readPublicKey } from '@sparekey/canonical';
import { ApiProperty } from '@nestjs/swagger';
import { ED25519_X, EVENT_KEY_ID } from '@sparekey/contracts';
import { isLoopback, MayBeAbsent, NameField, OpaqueField, PatternField, WordField } from '@sparekey/platform';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsObject,
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
    type: Boolean,
    required: false,
    default: false,
    description:
      'May change contacts and passwords of people who exist already; without it a service only makes new ones',
  })
  @MayBeAbsent()
  @IsBoolean()
  manages?: boolean;

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
