import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiTags } from '@nestjs/swagger';
import { readMailAddress } from '@sparekey/canonical';
import { IDENTITY_SERVICE, refuse } from '@sparekey/contracts';
import {
  Allow,
  AllowAccessToken,
  AllowScopes,
  CalledBy,
  Fresh,
  isSteppedUp,
  Logged,
  mayManage,
  originOf,
  requireFreshPerson,
  type Caller,
} from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Refuses,
  UserParam,
  UuidParam,
  type AnswerOf,
  type Correlation,
  type WithFields,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { addFactor } from '../add-factor.ts';
import { changeFactor, removeFactor } from '../change-factor.ts';
import { confirmFactor } from '../confirm-factor.ts';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { showAccepted } from '../show-accepted.ts';
import { showSecurity } from '../show-security.ts';
import { changeUser, showUser } from '../show-user.ts';
import { changeRoles, putUser } from '../put-user.ts';
import { disableTwoStep, enableTwoStep, skipTwoStep } from '../switch-two-step.ts';
import { ACCEPTED, ADDED_FACTOR, CONFIRMED_FACTOR, REGISTERED_USER, SECURITY, USER } from './answers.ts';
import {
  ADD_FACTOR,
  AddFactorBody,
  ChangeFactorBody,
  ChangeUserBody,
  CONFIRM_FACTOR,
  ConfirmFactorBody,
  PutUserBody,
  SkipBody,
} from './user-bodies.ts';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/domains/:domain/users/:user')
export class UsersController {
  constructor(private readonly room: EnrollmentRoom) {}

  /** Roles are granted by a person who has just shown who they are, or by the operator: never by a token. */
  @Put()
  @Allow('service', 'administrator')
  @Fresh()
  @Answers(200, 'The person was known already, and is reached there now', REGISTERED_USER)
  @Answers(201, 'The person is registered', REGISTERED_USER)
  async putUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { emails = [], roles, ...rest }: PutUserBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof REGISTERED_USER>> {
    if (roles) requireFreshPerson(caller, this.room.ports.clock.now());
    await this.#requireReachable(emails);
    const origin = originOf(caller, correlation, domain, user);
    const { onBehalf = false } = caller;
    const by = { mayManage: mayManage(caller), onBehalf, steppedUp: isSteppedUp(caller) };
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

  @Get()
  @Allow('self', 'help-desk')
  @AllowScopes('enroll', 'factors')
  @Logged()
  @Answers(200, 'The person', USER)
  getUser(@DomainParam() domain: string, @UserParam() user: string): Promise<AnswerOf<typeof USER>> {
    return showUser(this.room, domain, user);
  }

  /** What is left out stays. Addresses are changed by who manages people. */
  @Patch()
  @Allow('self')
  @Answers(200, 'The person as they are known now', USER)
  async changeUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() changes: ChangeUserBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof USER>> {
    const origin = originOf(caller, correlation, domain, user);
    await changeUser(this.room, origin, { ...changes });
    return showUser(this.room, domain, user);
  }

  @Get('security')
  @Allow('self', 'help-desk')
  @AllowScopes('enroll', 'factors')
  @AllowAccessToken('security:read')
  @Logged()
  @Answers(200, 'What is on, what is left and what is missing', SECURITY)
  getSecurity(@DomainParam() domain: string, @UserParam() user: string): Promise<AnswerOf<typeof SECURITY>> {
    return showSecurity(this.room, domain, user);
  }

  @Post('factors')
  @ApiBody({ type: AddFactorBody })
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Fresh()
  @Answers(201, 'It waits ten minutes for its first code', ADDED_FACTOR)
  @Refuses('policy-refused')
  async addFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body(ADD_FACTOR) { fields, ...factor }: WithFields<AddFactorBody>,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof ADDED_FACTOR>> {
    const added = await addFactor(this.room, originOf(caller, correlation, domain, user), {
      ...factor,
      body: fields,
    });
    return added as unknown as AnswerOf<typeof ADDED_FACTOR>; // kinds do not say by type what they show
  }

  @Post('factors/:factorId/confirm')
  @ApiBody({ type: ConfirmFactorBody })
  @HttpCode(200)
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Fresh()
  @Answers(200, 'It counts from now on', CONFIRMED_FACTOR)
  @Refuses('code-rejected', 'already-exists', 'clock-fault')
  async confirmFactor(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('factorId') factorId: string,
    @Body(CONFIRM_FACTOR) { fields }: WithFields<ConfirmFactorBody>,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof CONFIRMED_FACTOR>> {
    const origin = originOf(caller, correlation, domain, user);
    const form = { fields, requireFor: (kind: string) => CONFIRM_FACTOR.require(kind, fields) };
    const name = await confirmFactor(this.room, origin, factorId, form, caller.person?.session?.sid);
    return { factorId, status: 'confirmed', ...(name !== undefined && { name }) };
  }

  /** What a page tells the browser after a key was removed or a name was changed: `PublicKeyCredential.signalAllAcceptedCredentials()`, `signalCurrentUserDetails()`. */
  @Get('webauthn-credentials')
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Answers(200, 'What authenticators may go on keeping', ACCEPTED)
  getAcceptedCredentials(
    @DomainParam() domain: string,
    @UserParam() user: string,
  ): Promise<AnswerOf<typeof ACCEPTED>> {
    return showAccepted(this.room, domain, user, 'webauthn') as Promise<AnswerOf<typeof ACCEPTED>>;
  }

  @Patch('factors/:factorId')
  @HttpCode(204)
  @Allow('self')
  @AllowScopes('enroll', 'factors')
  @Fresh()
  @Answers(204, 'It is called so, and is the default where that was asked for')
  @Refuses('not-enrolled')
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
  @Answers(204, 'It is gone')
  @Refuses('policy-refused')
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
  @Answers(204, 'Two-step verification is on')
  @Refuses('not-enrolled', 'codes-not-saved')
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
  @ApiBody({ type: SkipBody, required: false })
  @Answers(204, 'This one sign-in goes on without a second step')
  @Refuses('policy-refused')
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
  @Answers(204, 'Two-step verification is off')
  async disableTwoStep(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await disableTwoStep(this.room, originOf(caller, correlation, domain, user));
  }
}
