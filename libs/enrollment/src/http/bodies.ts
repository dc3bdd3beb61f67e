import { ApiProperty } from '@nestjs/swagger';
import { FACTOR_TYPES, type FactorType } from '@sparekey/factors';
import { MayBeAbsent, NameField, OpaqueField, WordField } from '@sparekey/platform';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsLocale,
  IsPhoneNumber,
  IsUrl,
  MaxLength,
} from 'class-validator';

export class NameDomainBody {
  @NameField({ description: 'What people know the organisation by' })
  displayName: string;
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
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false, disallow_auth: true },
    { each: true },
  )
  @MaxLength(2_048, { each: true })
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
