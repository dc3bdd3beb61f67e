import { ApiProperty } from '@nestjs/swagger';
import { ACCESS_SCOPES, DOMAIN_ID, SERVICE_ID, type AccessScope } from '@sparekey/contracts';
import { FACTORS } from '@sparekey/factors';
import {
  BodyMayBeAbsent,
  FormsPipe,
  MomentField,
  NameField,
  OpaqueField,
  PatternField,
  WordField,
} from '@sparekey/platform';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, registerDecorator } from 'class-validator';
import { isLogin, LOGIN_LENGTH, VISIBLE } from '../login.ts';

/** Far more than a password may have: it is judged, not cut off. */
const TYPED = 2_048;

function IsLogin(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isLogin',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isLogin(value),
        defaultMessage: () => `$property must be 1 to ${LOGIN_LENGTH} visible characters without spaces`,
      },
    });
}

export class PutAccountBody {
  @ApiProperty({
    type: String,
    minLength: 1,
    maxLength: LOGIN_LENGTH,
    pattern: VISIBLE.source,
    description: 'What the person types to sign in',
  })
  @IsLogin()
  login: string;

  @OpaqueField(TYPED, { optional: true, description: 'Left as it is where absent' })
  password?: string;
}

export class SignInBody {
  @PatternField(DOMAIN_ID)
  domain: string;

  @OpaqueField(256)
  login: string;

  @OpaqueField(TYPED)
  password: string;
}

export class PasskeySignInBody {
  @WordField(['webauthn'])
  method: 'webauthn';

  @OpaqueField(4_096, { description: 'Of the challenge that the passkey answers' })
  challengeId: string;
}

export const PASSKEY_SIGN_IN = new FormsPipe(
  PasskeySignInBody,
  { webauthn: FACTORS.webauthn.answerBody },
  'method',
);

@BodyMayBeAbsent()
export class ExchangeBody {
  @OpaqueField(4_096, {
    optional: true,
    description: 'The signed result of a challenge; without one the session that is presented goes on',
  })
  result?: string;
}

export class PasswordBody {
  @OpaqueField(TYPED)
  password: string;
}

export class IssueAccessTokenBody {
  @NameField()
  name: string;

  @ApiProperty({ enum: ACCESS_SCOPES, isArray: true, minItems: 1, uniqueItems: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ACCESS_SCOPES, { each: true })
  scopes: AccessScope[];

  @MomentField()
  expiresAt: string;
}

export class StartProviderQuery {
  @PatternField(DOMAIN_ID)
  domain: string;

  @PatternField(SERVICE_ID, { description: 'Which of the domain’s identity providers' })
  provider: string;

  @WordField(['cookie', 'bearer'], { optional: true, description: 'How the session is to be handed over' })
  session?: 'cookie' | 'bearer';

  @WordField(['true', 'false'], {
    optional: true,
    description: 'The provider is to ask the person anew: a fresh proof for a sensitive change',
  })
  fresh?: 'true' | 'false';
}
