import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import {
  Allow,
  CalledBy,
  Correlated,
  DomainParam,
  originOf,
  UserParam,
  UuidParam,
  type Caller,
  type Correlation,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { addFactor } from '../add-factor.ts';
import { changeFactor, removeFactor } from '../change-factor.ts';
import { confirmFactor } from '../confirm-factor.ts';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { putUser } from '../put-user.ts';
import { showSecurity } from '../show-security.ts';
import { disableTwoStep, enableTwoStep } from '../switch-two-step.ts';
import { AddFactorBody, ChangeFactorBody, ConfirmFactorBody, PutUserBody } from './bodies.ts';

@ApiTags('users')
@ApiBearerAuth()
@Controller('domains/:domain/users/:user')
export class UsersController {
  constructor(private readonly room: EnrollmentRoom) {}

  @Put()
  @Allow('service', 'administrator')
  async putUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { emails = [], ...rest }: PutUserBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const isNew = await putUser(this.room, originOf(caller, correlation, domain, user), { emails, ...rest });
    void reply.code(isNew ? 201 : 200);
    return { userId: user };
  }

  @Get('security')
  @Allow('self', 'help-desk')
  getSecurity(@DomainParam() domain: string, @UserParam() user: string) {
    return showSecurity(this.room, domain, user);
  }

  @Post('factors')
  @Allow('self')
  addFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() body: AddFactorBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ) {
    return addFactor(this.room, originOf(caller, correlation, domain, user), body);
  }

  @Post('factors/:factorId/confirm')
  @HttpCode(200)
  @Allow('self')
  async confirmFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('factorId') factorId: string,
    @Body() { code }: ConfirmFactorBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ) {
    await confirmFactor(this.room, originOf(caller, correlation, domain, user), factorId, code);
    return { factorId, status: 'confirmed' };
  }

  @Patch('factors/:factorId')
  @HttpCode(204)
  @Allow('self')
  async changeFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('factorId') factorId: string,
    @Body() body: ChangeFactorBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    if (body.default === false) {
      throw refuse('validation-failed', {
        errors: [{ field: 'default', message: 'another factor is made the default instead' }],
      });
    }
    const change = {
      ...(body.name !== undefined && { name: body.name }),
      makeDefault: body.default === true,
    };
    await changeFactor(this.room, originOf(caller, correlation, domain, user), factorId, change);
  }

  @Delete('factors/:factorId')
  @HttpCode(204)
  @Allow('self')
  async removeFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('factorId') factorId: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await removeFactor(this.room, originOf(caller, correlation, domain, user), factorId);
  }

  @Post('two-step/enable')
  @HttpCode(204)
  @Allow('self')
  async enableTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await enableTwoStep(this.room, originOf(caller, correlation, domain, user));
  }

  @Post('two-step/disable')
  @HttpCode(204)
  @Allow('self')
  async disableTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await disableTwoStep(this.room, originOf(caller, correlation, domain, user));
  }
}
