import { createHash } from 'node:crypto';
import { readPublicKey } from '@sparekey/canonical';
import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ED25519_X, EVENT_KEY_ID, POLICY_SCHEMA } from '@sparekey/contracts';
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

const LONGEST_ADDRESS = 2_048;

/** As far as a pattern says what {@link isWebAddress} takes. */
const WEB_ADDRESS = {
  type: 'string',
  format: 'uri',
  pattern: String.raw`^https?://[^#\\\s]+$`,
  maxLength: LONGEST_ADDRESS,
} as const;

/** https, or http on this machine; no user, no fragment, written just as a URL is written. */
export function isWebAddress(value: unknown): boolean {
  if (
    typeof value !== 'string' ||
    value.length > LONGEST_ADDRESS ||
    /[#\\\s]/.test(value) ||
    !URL.canParse(value)
  )
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

interface Described {
  readonly required?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
}

/** The same, but that all of it may be left out. */
function loosened({ required: _, properties, ...rest }: Described): object {
  if (!properties) return rest;
  const inner = Object.entries(properties).map(([name, one]) => [name, loosened(one)]);
  return { ...rest, properties: Object.fromEntries(inner) as object };
}

/** A policy as it is chosen: what is left out takes its default. */
export const POLICY_BODY = loosened(POLICY_SCHEMA as Described);

export class NameDomainBody {
  @NameField({ description: 'What people know the organisation by' })
  displayName: string;
}

@ApiSchema({ additionalProperties: true } as object) // unknown members of a JWK are ignored
class EventKeyBody {
  @PatternField(EVENT_KEY_ID, {
    optional: true,
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
    type: 'array',
    items: WEB_ADDRESS,
    maxItems: 20,
    uniqueItems: true,
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
    uniqueItems: true,
    description:
      'Public keys (JWK) by which the service signs what it says by event, each of its own `kid`; members that are not listed are ignored, private ones refused',
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

const LONGEST_CLAIM = 128;

@ApiSchema({ additionalProperties: false } as object)
class UserClaimBody {
  @OpaqueField(LONGEST_CLAIM, { description: 'The claim that says who somebody is' })
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

@ApiExtraModels(UserClaimBody)
class ClaimsBody {
  @ApiProperty({
    type: Object, // else the type of the field stands beside it
    oneOf: [
      { type: 'string', minLength: 1, maxLength: LONGEST_CLAIM },
      { $ref: getSchemaPath(UserClaimBody) },
    ],
    description: 'The claim that says who somebody is, or just its name',
  })
  @Transform(({ obj, value }: { obj: { user?: unknown }; value: unknown }) =>
    typeof obj.user === 'string' ? plainToInstance(UserClaimBody, { claim: obj.user }) : value,
  )
  @IsObject()
  @ValidateNested()
  @Type(() => UserClaimBody)
  user: UserClaimBody;

  @OpaqueField(LONGEST_CLAIM, { optional: true })
  email?: string;

  @OpaqueField(LONGEST_CLAIM, { optional: true })
  displayName?: string;
}

export class SetProviderBody {
  @ApiProperty(WEB_ADDRESS)
  @IsWebAddress()
  issuer: string;

  @ApiProperty({ ...WEB_ADDRESS, description: 'Where its keys are' })
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
