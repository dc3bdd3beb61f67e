import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  AllowScopes,
  CalledBy,
  Correlated,
  DomainParam,
  Fresh,
  originOf,
  UserParam,
  UuidField,
  type Caller,
  type Correlation,
} from '@sparekey/platform';
import { confirmSaved } from '../confirm-saved.ts';
import { generateCodes } from '../generate-codes.ts';
import { RecoveryRoom } from '../recovery.room.ts';
import { showCodes } from '../show-codes.ts';

class ConfirmSavedBody {
  @UuidField({ description: 'The set that is saved' })
  batchId: string;
}

@ApiTags('recovery codes')
@ApiBearerAuth()
@Controller('domains/:domain/users/:user/recovery-codes')
export class RecoveryCodesController {
  constructor(private readonly room: RecoveryRoom) {}

  @Post()
  @Allow('self')
  @AllowScopes('enroll')
  @Fresh()
  generateRecoveryCodes(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ) {
    const origin = originOf(caller, correlation, domain, user);
    return generateCodes(this.room, origin, caller.person?.session?.sid);
  }

  @Get()
  @Allow('self')
  @AllowScopes('enroll')
  getRecoveryCodes(@DomainParam() domain: string, @UserParam() user: string) {
    return showCodes(this.room, domain, user);
  }

  @Post('saved')
  @HttpCode(204)
  @Allow('self')
  @AllowScopes('enroll')
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
