import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiTags } from '@nestjs/swagger';
import { IDENTITY_SERVICE, refuse, SIGN_IN_ID, type MethodType } from '@sparekey/contracts';
import { Allow, AllowAnyone, CalledBy, originOf, type Caller } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  HandleParam,
  PathParam,
  Refuses,
  UserParam,
  type AnswerOf,
  type Correlation,
  type WithFields,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { answerChallenge } from '../answer-challenge.ts';
import { clearWaits } from '../clear-waits.ts';
import { openChallenge, type ChallengeRequest } from '../open-challenge.ts';
import { answerPasskeyChallenge, openPasskeyChallenge } from '../passkey-challenge.ts';
import { deliverCode, promptChallenge } from '../prompt-challenge.ts';
import { cancelChallenge, showChallenge } from '../show-challenge.ts';
import { showSignIn } from '../show-sign-in.ts';
import { takeResult } from '../take-result.ts';
import { VerificationRoom } from '../verification.room.ts';
import {
  BEGUN_SIGN_IN,
  CHALLENGE_STATE,
  DECISION,
  DELIVERY,
  PASSED,
  PASSED_WITH_RESULT,
  PASSKEY_CHALLENGE,
  PROMPT,
  RESULT,
} from './answers.ts';
import { ANSWER, AnswerBody, DeliverCodeBody, OpenChallengeBody, TakeResultBody } from './bodies.ts';

/** Such as `webauthn`. */
const METHOD_NAME = /^[a-z]+(-[a-z]+)*$/;

/**
 * A person asks for a fresh second step in their own session; the result is exchanged for it and fits no other.
 *
 * @throws Refusal forbidden
 */
function ofSession(
  { person }: Caller,
  userId: string,
  body: Omit<OpenChallengeBody, 'userId'>,
): ChallengeRequest {
  const { session, user } = person ?? {};
  const isOwn = session && user === userId && body.purpose === 're-authentication' && !body.returnUrl;
  if (!isOwn) throw refuse('forbidden', { detail: 'a person re-authenticates, in a session, themselves' });
  const firstFactor = { amr: session.amr.filter((one) => one === 'pwd'), authTime: session.first_at };
  const context = { ...body.context, browser: session.sid };
  return { purpose: body.purpose, service: IDENTITY_SERVICE, signInId: session.sid, firstFactor, context };
}

@ApiTags('challenges')
@Controller('v1')
export class ChallengesController {
  constructor(private readonly room: VerificationRoom) {}

  @Post('domains/:domain/challenges')
  @ApiBearerAuth()
  @Allow('service', 'self')
  @Answers(200, 'No challenge is opened', DECISION)
  @Answers(201, 'A challenge is open', DECISION)
  @Refuses('policy-refused')
  async openChallenge(
    @DomainParam() domain: string,
    @Body() { userId, ...body }: OpenChallengeBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof DECISION>> {
    const request =
      caller.service === undefined ? ofSession(caller, userId, body) : { ...body, service: caller.service };
    const decision = await openChallenge(this.room, originOf(caller, correlation, domain, userId), request);
    void reply.code(decision.decision === 'challenge' ? 201 : 200);
    return decision;
  }

  /** The result of a hosted challenge, for the service that opened it, once. */
  @Post('domains/:domain/results')
  @ApiBearerAuth()
  @HttpCode(200)
  @Allow('service')
  @Answers(200, 'The result', RESULT)
  @Refuses('code-rejected', 'challenge-expired', 'challenge-closed', 'result-taken', 'clock-fault')
  takeResult(
    @DomainParam() domain: string,
    @Body() body: TakeResultBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof RESULT>> {
    return takeResult(this.room, originOf(caller, correlation, domain), {
      ...body,
      service: caller.service!,
    });
  }

  /** A sign-in that the service began by event. */
  @Get('domains/:domain/sign-ins/:signInId')
  @ApiBearerAuth()
  @Allow('service')
  @Answers(200, 'What was decided', BEGUN_SIGN_IN)
  getSignIn(
    @DomainParam() domain: string,
    @PathParam('signInId', SIGN_IN_ID) signInId: string,
    @CalledBy() caller: Caller,
  ): Promise<AnswerOf<typeof BEGUN_SIGN_IN>> {
    return showSignIn(this.room, domain, caller.service!, signInId);
  }

  /** A sign-in of somebody who has said no name: a passkey that verifies its user says who they are. */
  @Post('domains/:domain/passkey-challenges')
  @ApiBearerAuth()
  @Allow('service')
  @Answers(201, 'The options for the browser', PASSKEY_CHALLENGE)
  @Refuses('policy-refused')
  async openPasskeyChallenge(
    @DomainParam() domain: string,
    @CalledBy() caller: Caller,
  ): Promise<AnswerOf<typeof PASSKEY_CHALLENGE>> {
    const opened = await openPasskeyChallenge(this.room, domain, caller.service!);
    return opened as AnswerOf<typeof PASSKEY_CHALLENGE>; // kinds do not say by type what they show
  }

  @Post('passkey-challenges/:challengeId/answers')
  @ApiBody({ type: AnswerBody })
  @HttpCode(200)
  @AllowAnyone()
  @Answers(200, 'It is passed: the result says by whom', PASSED_WITH_RESULT)
  @Refuses(
    'code-rejected',
    'not-enrolled',
    'challenge-expired',
    'challenge-closed',
    'policy-refused',
    'clock-fault',
  )
  answerPasskeyChallenge(
    @HandleParam('challengeId') challengeId: string,
    @Body(ANSWER) { fields, ...answer }: WithFields<AnswerBody>,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof PASSED_WITH_RESULT>> {
    return answerPasskeyChallenge(this.room, challengeId, { ...answer, answer: fields }, correlation);
  }

  @Get('challenges/:challengeId')
  @AllowAnyone()
  @Answers(200, 'How it stands', CHALLENGE_STATE)
  @Refuses('challenge-expired')
  getChallenge(@HandleParam('challengeId') challengeId: string): Promise<AnswerOf<typeof CHALLENGE_STATE>> {
    return showChallenge(this.room, challengeId);
  }

  @Post('challenges/:challengeId/answers')
  @ApiBody({ type: AnswerBody })
  @HttpCode(200)
  @AllowAnyone()
  @Answers(200, 'It is passed', PASSED)
  @Refuses('code-rejected', 'challenge-expired', 'challenge-closed', 'locked', 'clock-fault')
  answerChallenge(
    @HandleParam('challengeId') challengeId: string,
    @Body(ANSWER) { fields, ...answer }: WithFields<AnswerBody>,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof PASSED>> {
    return answerChallenge(this.room, challengeId, { ...answer, answer: fields }, correlation);
  }

  /** What a method asks for beforehand, such as the options of a ceremony: with `{method}-options` its name. */
  @Post('challenges/:challengeId/:method-options')
  @HttpCode(200)
  @AllowAnyone()
  @Answers(200, 'What the answer is about; what was prepared before is void', PROMPT)
  @Refuses('challenge-expired', 'challenge-closed', 'locked', 'not-enrolled', 'clock-fault')
  promptChallenge(
    @HandleParam('challengeId') challengeId: string,
    @PathParam('method', METHOD_NAME) method: string,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof PROMPT>> {
    return promptChallenge(this.room, challengeId, method as MethodType, correlation) as Promise<
      AnswerOf<typeof PROMPT>
    >;
  }

  /** Sends a code to where a factor receives codes; one that went out before in this challenge is void. */
  @Post('challenges/:challengeId/deliveries')
  @HttpCode(202)
  @AllowAnyone()
  @Answers(202, 'The code is on its way', DELIVERY)
  @Refuses(
    'challenge-expired',
    'challenge-closed',
    'locked',
    'not-enrolled',
    'too-many-requests',
    'clock-fault',
  )
  deliverCode(
    @HandleParam('challengeId') challengeId: string,
    @Body() { factorId }: DeliverCodeBody,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof DELIVERY>> {
    return deliverCode(this.room, challengeId, factorId, correlation);
  }

  @Post('challenges/:challengeId/cancel')
  @HttpCode(204)
  @AllowAnyone()
  @Answers(204, 'It is cancelled, or was over before')
  @Refuses('challenge-expired', 'challenge-closed')
  async cancelChallenge(
    @HandleParam('challengeId') challengeId: string,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await cancelChallenge(this.room, challengeId, correlation);
  }

  @Post('domains/:domain/users/:user/unlock')
  @ApiBearerAuth()
  @HttpCode(204)
  @Allow('help-desk')
  @Answers(204, 'Nothing is locked any more')
  async unlockUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await clearWaits(this.room, originOf(caller, correlation, domain, user));
  }
}
