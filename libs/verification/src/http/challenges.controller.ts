import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  AllowAnyone,
  CalledBy,
  Correlated,
  DomainParam,
  originOf,
  UserParam,
  type Caller,
  type Correlation,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { answerChallenge } from '../answer-challenge.ts';
import { clearWaits } from '../clear-waits.ts';
import { openChallenge } from '../open-challenge.ts';
import { cancelChallenge, showChallenge } from '../show-challenge.ts';
import { VerificationRoom } from '../verification.room.ts';
import { AnswerBody, OpenChallengeBody } from './bodies.ts';

@ApiTags('challenges')
@Controller()
export class ChallengesController {
  constructor(private readonly room: VerificationRoom) {}

  @Post('domains/:domain/challenges')
  @ApiBearerAuth()
  @Allow('service')
  async openChallenge(
    @DomainParam() domain: string,
    @Body() { userId, ...body }: OpenChallengeBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...body, service: caller.service! };
    const decision = await openChallenge(this.room, originOf(caller, correlation, domain, userId), request);
    void reply.code(decision.decision === 'challenge' ? 201 : 200);
    return decision;
  }

  @Get('challenges/:challengeId')
  @AllowAnyone()
  getChallenge(@Param('challengeId') challengeId: string) {
    return showChallenge(this.room, challengeId);
  }

  @Post('challenges/:challengeId/answers')
  @HttpCode(200)
  @AllowAnyone()
  answerChallenge(
    @Param('challengeId') challengeId: string,
    @Body() body: AnswerBody,
    @Correlated() correlation: Correlation,
  ) {
    return answerChallenge(this.room, challengeId, body, correlation);
  }

  @Post('challenges/:challengeId/cancel')
  @HttpCode(204)
  @AllowAnyone()
  async cancelChallenge(
    @Param('challengeId') challengeId: string,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await cancelChallenge(this.room, challengeId, correlation);
  }

  @Post('domains/:domain/users/:user/unlock')
  @ApiBearerAuth()
  @HttpCode(204)
  @Allow('help-desk')
  async unlockUser(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await clearWaits(this.room, originOf(caller, correlation, domain, user));
  }
}
