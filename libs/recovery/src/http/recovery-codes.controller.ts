import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Allow, AllowScopes, CalledBy, Fresh, originOf, type Caller } from '@sparekey/access-control';
import {
  answer,
  Answers,
  Correlated,
  count,
  dateTime,
  DomainParam,
  flag,
  list,
  text,
  UserParam,
  uuid,
  UuidField,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import { confirmSaved } from '../confirm-saved.ts';
import { generateCodes } from '../generate-codes.ts';
import { RecoveryRoom } from '../recovery.room.ts';
import { showCodes } from '../show-codes.ts';

const SET = answer('RecoveryCodeSet', {
  batchId: uuid(),
  codes: list(text(), 'Shown here and never again'),
});

const STANDING = answer('RecoveryCodesStanding', {
  batchId: uuid(),
  total: count(),
  remaining: count(),
  generatedAt: dateTime(),
  saved: flag('Whether the person said that they have written the codes down'),
});

class ConfirmSavedBody {
  @UuidField({ description: 'The set that is saved' })
  batchId: string;
}

@ApiTags('recovery codes')
@ApiBearerAuth()
@Controller('v1/domains/:domain/users/:user/recovery-codes')
export class RecoveryCodesController {
  constructor(private readonly room: RecoveryRoom) {}

  @Post()
  @Allow('self')
  @AllowScopes('enroll')
  @Fresh()
  @Answers(201, 'A new set; the one before it is dead', SET)
  generateRecoveryCodes(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof SET>> {
    const origin = originOf(caller, correlation, domain, user);
    return generateCodes(this.room, origin, caller.person?.session?.sid);
  }

  @Get()
  @Allow('self')
  @AllowScopes('enroll')
  @Answers(200, 'How many are left; never the codes', STANDING)
  getRecoveryCodes(
    @DomainParam() domain: string,
    @UserParam() user: string,
  ): Promise<AnswerOf<typeof STANDING>> {
    return showCodes(this.room, domain, user);
  }

  @Post('saved')
  @HttpCode(204)
  @Allow('self')
  @AllowScopes('enroll')
  @Answers(204, 'The set counts as saved')
  async confirmRecoveryCodesSaved(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { batchId }: ConfirmSavedBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await confirmSaved(this.room, originOf(caller, correlation, domain, user), batchId);
  }
}
