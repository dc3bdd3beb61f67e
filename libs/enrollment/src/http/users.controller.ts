import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { readMailAddress } from '@sparekey/canonical';
import { IDENTITY_SERVICE, refuse } from '@sparekey/contracts';
import {
  Allow,
  AllowAccessToken,
  AllowScopes,
  CalledBy,
  Correlated,
  DomainParam,
  Fresh,
  isSteppedUp,
  Logged,
  mayManage,
  originOf,
  requireFreshPerson,
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
import { showSecurity } from '../show-security.ts';
import { changeRoles, putUser } from '../put-user.ts';
import { disableTwoStep, enableTwoStep, skipTwoStep } from '../switch-two-step.ts';
import { AddFactorBody, ChangeFactorBody, ConfirmFactorBody, PutUserBody, SkipBody } from './user-bodies.ts';

@ApiTags('users')
@ApiBearerAuth()
@Controller('domains/:domain/users/:user')
export class UsersController {
  constructor(private readonly room: EnrollmentRoom) {}

  /** Roles are granted by a person who has just shown who they are, or by the operator: never by a token. */
  @Put()
  @Allow('service', 'administrator')
  @Fresh()
  async putUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { emails = [], roles, ...rest }: PutUserBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (roles) requireFreshPerson(caller, this.room.ports.clock.now());
    await this.#requireReachable(emails);
    const origin = originOf(caller, correlation, domain, user);
    const by = { mayManage: mayManage(caller), steppedUp: isSteppedUp(caller) };
    const isNew = await putUser(this.room, origin, { emails, ...rest }, by);
    if (roles) await changeRoles(this.room, origin, roles);
    void reply.code(isNew ? 201 : 200);
    return { userId: user, ...(roles && { roles }) };
  }

  /** A mailbox that is not ASCII is one only where the mail server says that it takes mail for it. */
  async #requireReachable(emails: readonly string[]): Promise<void> {
    const at = emails.findIndex((address) => readMailAddress(address)?.needsSmtpUtf8);
    if (at === -1 || (await this.room.ports.acceptsSmtpUtf8())) return;
    const message = 'needs SMTPUTF8 (RFC 6531), which the mail server does not offer';
    throw refuse('validation-failed', { errors: [{ field: `emails.${at}`, message }] });
  }

  @Get('security')
  @Allow('self', 'help-desk')
  @AllowScopes('enroll', 'factors')
  @AllowAccessToken('security:read')
  @Logged()
  getSecurity(@DomainParam() domain: string, @UserParam() user: string) {
    return showSecurity(this.room, domain, user);
  }

  @Post('factors')
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Fresh()
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
  @AllowScopes('enroll', 'factors')
  @Fresh()
  async confirmFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('factorId') factorId: string,
    @Body() { code }: ConfirmFactorBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ) {
    const origin = originOf(caller, correlation, domain, user);
    await confirmFactor(this.room, origin, factorId, code, caller.person?.session?.sid);
    return { factorId, status: 'confirmed' };
  }

  @Patch('factors/:factorId')
  @HttpCode(204)
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Fresh()
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
  @AllowScopes('enroll', 'factors')
  @Fresh()
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
  @AllowScopes('enroll')
  @Fresh()
  async enableTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    const origin = originOf(caller, correlation, domain, user);
    await enableTwoStep(this.room, origin, caller.person?.session?.sid);
  }

  @Post('two-step/skip')
  @HttpCode(204)
  @Allow('self')
  @AllowScopes('enroll')
  async skipTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { signInId }: SkipBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    const { session } = caller.person ?? {};
    const service = session ? IDENTITY_SERVICE : caller.service;
    if (service === undefined) {
      throw refuse('forbidden', {
        detail: 'who asks is in no sign-in: a session is, or the service whose it is',
      });
    }
    const skipped = session ? session.signInId : signInId;
    if (skipped === undefined || (session && signInId !== undefined && signInId !== skipped)) {
      throw refuse('validation-failed', {
        errors: [{ field: 'signInId', message: 'must name the sign-in' }],
      });
    }
    const signIn = { service, signInId: skipped };
    await skipTwoStep(this.room, originOf(caller, correlation, domain, user), signIn);
  }

  @Post('two-step/disable')
  @HttpCode(204)
  @Allow('self')
  @Fresh()
  async disableTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await disableTwoStep(this.room, originOf(caller, correlation, domain, user));
  }
}
