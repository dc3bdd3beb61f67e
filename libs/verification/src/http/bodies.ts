import { ApiProperty } from '@nestjs/swagger';
import { METHODS, PURPOSES, USER_ID, type Method, type Purpose } from '@sparekey/contracts';
import { MayBeAbsent, OpaqueField, PatternField, UuidField, WordField } from '@sparekey/platform';
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
const SIGN_IN_ID = /^[A-Za-z0-9._~-]{1,128}$/;

class FirstFactorBody {
  @ApiProperty({ type: [String], description: 'RFC 8176' })
  @IsArray()
  @ArrayMaxSize(8)
  @ArrayUnique()
  @Matches(AMR, { each: true })
  amr: string[];

  @ApiProperty({ type: Number, description: 'Unix seconds' })
  @IsInt()
  @Min(0)
  @Max(253_402_300_799)
  authTime: number;
}

class ContextBody {
  @ApiProperty({ type: String, required: false, description: 'Address of the person, as the service saw it' })
  @MayBeAbsent()
  @IsIP()
  ip?: string;

  @OpaqueField(512, { optional: true })
  userAgent?: string;
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
}

export class AnswerBody {
  @WordField(METHODS)
  method: Method;

  @UuidField({
    optional: true,
    description: 'Which factor, where there are several of a kind; else the preferred one',
  })
  factorId?: string;

  @OpaqueField(64, { description: 'As the person typed it: spaces, hyphens and case are of no account' })
  code: string;
}
