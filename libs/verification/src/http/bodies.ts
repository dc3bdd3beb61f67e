import { ApiProperty } from '@nestjs/swagger';
import { METHODS, PURPOSES, SIGN_IN_ID, USER_ID, type MethodType, type Purpose } from '@sparekey/contracts';
import { methodOf, methodTypes } from '@sparekey/factors';
import { FormsPipe, MayBeAbsent, OpaqueField, PatternField, UuidField, WordField } from '@sparekey/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsIP,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** Values of RFC 8176 and what the registry added since. */
const AMR = /^[a-z]{2,16}$/;
/** RFC 7636: an S256 challenge, and a verifier. */
const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Of the year 9999. */
const LAST_SECOND = 253_402_300_799;

class FirstFactorBody {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: AMR.source },
    maxItems: 8,
    uniqueItems: true,
    description: 'RFC 8176',
  })
  @IsArray()
  @ArrayMaxSize(8)
  @ArrayUnique()
  @Matches(AMR, { each: true })
  amr: string[];

  @ApiProperty({ type: 'integer', minimum: 0, maximum: LAST_SECOND, description: 'Unix seconds' })
  @IsInt()
  @Min(0)
  @Max(LAST_SECOND)
  authTime: number;
}

class ContextBody {
  @ApiProperty({
    anyOf: [
      { type: 'string', format: 'ipv4' },
      { type: 'string', format: 'ipv6' },
    ],
    required: false,
    description: 'Address of the person, as the service saw it',
  })
  @MayBeAbsent()
  @IsIP()
  ip?: string;

  @OpaqueField(512, { optional: true })
  userAgent?: string;

  @OpaqueField(128, {
    optional: true,
    description:
      'The service’s own name for a browser in which this user has signed in before: however many challenges others ' +
      'open, those of such a browser stay',
  })
  browser?: string;
}

export class OpenChallengeBody {
  @PatternField(USER_ID)
  userId: string;

  @WordField(PURPOSES)
  purpose: Purpose;

  @PatternField(SIGN_IN_ID, {
    optional: true,
    description: 'The service’s own id of this sign-in, given back in the result',
  })
  signInId?: string;

  @ApiProperty({ type: FirstFactorBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => FirstFactorBody)
  firstFactor?: FirstFactorBody;

  @ApiProperty({ type: ContextBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ContextBody)
  context?: ContextBody;

  @OpaqueField(2_048, {
    optional: true,
    description: 'Where a hosted challenge goes afterwards: just one of the registered addresses',
  })
  returnUrl?: string;

  @PatternField(CODE_CHALLENGE, {
    optional: true,
    description: 'With returnUrl: the S256 digest (RFC 7636) of what the browser keeps',
  })
  codeChallenge?: string;
}

export class TakeResultBody {
  @OpaqueField(512, { description: 'What the browser brought to the return address' })
  code: string;

  @PatternField(CODE_VERIFIER)
  codeVerifier: string;
}

export class AnswerBody {
  @WordField(METHODS)
  method: MethodType;

  @UuidField({
    optional: true,
    description: 'Which factor, where there are several of a kind; else the preferred one',
  })
  factorId?: string;
}

export class DeliverCodeBody {
  @UuidField({ description: 'The factor whose address receives the code' })
  factorId: string;
}

/** Beside it stands what an answer by that method holds. */
export const ANSWER = new FormsPipe(
  AnswerBody,
  Object.fromEntries(methodTypes().map((type) => [type, methodOf(type)!.answerBody])),
  'method',
);
