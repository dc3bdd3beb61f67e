import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import {
  Allow,
  AllowAnyone,
  AllowScopes,
  CalledBy,
  Fresh,
  MayHaveSession,
  type Caller,
} from '@sparekey/access-control';
import { Answers, Correlated, Refuses, type AnswerOf, type Correlation } from '@sparekey/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { continueSession } from '../after-first-step.ts';
import { changePassword } from '../change-password.ts';
import { exchangeResult } from '../exchange-result.ts';
import { IdentityRoom } from '../identity.room.ts';
import { endSessions } from '../list-sessions.ts';
import { confirmSession, restartSession } from '../refresh-session.ts';
import { Rejections } from '../rejections.ts';
import { SecondStep } from '../second-step.ts';
import { showSession } from '../show-session.ts';
import { recheckPassword } from '../sign-in.ts';
import { CURRENT_SESSION, EXCHANGED, SESSION } from './answers.ts';
import { ExchangeBody, PasswordBody } from './bodies.ts';
import { ofUser, SessionReplies } from './session-replies.ts';
import { SessionHeader } from './sign-in.controller.ts';

const originOf = ({ domain, person }: Caller, correlation: Correlation) => ({
  ...ofUser(correlation)(domain!, person!.user),
  ...(person?.session && { sessionId: person.session.sid }),
});

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('v1/identity')
export class SessionsController {
  constructor(
    private readonly room: IdentityRoom,
    private readonly secondStep: SecondStep,
    private readonly rejections: Rejections,
    private readonly replies: SessionReplies,
  ) {}

  /** A result becomes a session, or freshens the one that is presented; without a result that one goes on. */
  @Post('sessions')
  @HttpCode(200)
  @AllowAnyone()
  @MayHaveSession()
  @ApiSecurity({})
  @ApiBody({ type: ExchangeBody, required: false })
  @SessionHeader()
  @Answers(200, 'The session, or what has to come before it', EXCHANGED)
  @Refuses('unauthenticated', 'sign-in-refused', 'result-taken', 'not-enrolled', 'policy-refused')
  async exchange(
    @Body() { result }: ExchangeBody,
    @CalledBy() caller: Caller | undefined,
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof EXCHANGED>> {
    const asCookie = this.replies.asksForCookie(request);
    const session = caller?.person?.session;
    const context = this.replies.contextOf(request);
    if (result !== undefined) {
      const origins = ofUser(correlation);
      const exchanged = await exchangeResult(this.room, origins, result, session, context);
      await this.replies.rememberBrowser(exchanged.domain, exchanged.user, reply);
      return this.replies.give(exchanged.session, asCookie, reply);
    }
    if (!session) throw refuse('unauthenticated');
    const origin = originOf(caller, correlation);
    const next = await continueSession(this.room, this.secondStep, origin, session, context);
    return 'decision' in next ? next : this.replies.give(next, asCookie, reply);
  }

  /** The same session, with a fresh proof of the password. */
  @Post('confirm-password')
  @HttpCode(200)
  @Allow('session')
  @AllowScopes('enroll', 'factors')
  @SessionHeader()
  @Answers(200, 'The session, fresher', SESSION)
  @Refuses('sign-in-refused')
  async confirmPassword(
    @Body() { password }: PasswordBody,
    @CalledBy() caller: Caller,
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SESSION>> {
    const asCookie = this.replies.asksForCookie(request);
    const session = caller.person!.session!;
    const origin = originOf(caller, correlation);
    await recheckPassword(
      this.room,
      this.rejections,
      origin,
      session.sid,
      password,
      this.replies.contextOf(request),
    );
    return this.replies.give(await confirmSession(this.room, origin, session), asCookie, reply);
  }

  /** A new password ends every session; the one that set it is answered with a new one. */
  @Post('password')
  @HttpCode(200)
  @Allow('session')
  @Fresh()
  @SessionHeader()
  @Answers(200, 'The new session', SESSION)
  @Refuses('not-found', 'policy-refused')
  async changePassword(
    @Body() { password }: PasswordBody,
    @CalledBy() caller: Caller,
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SESSION>> {
    const asCookie = this.replies.asksForCookie(request);
    const origin = originOf(caller, correlation);
    const current = caller.person!.session!;
    const passwords = await changePassword(this.room, origin, current, password);
    const session = await restartSession(this.room, origin, current, passwords);
    await this.replies.rememberBrowser(origin.domain, current.sub, reply);
    return this.replies.give(session, asCookie, reply);
  }

  /** Who is signed in, for pages. */
  @Get('sessions/current')
  @Allow('session')
  @AllowScopes('enroll', 'factors')
  @Answers(200, 'The session that is presented', CURRENT_SESSION)
  getSession(@CalledBy() { domain, person }: Caller): Promise<AnswerOf<typeof CURRENT_SESSION>> {
    return showSession(this.room, domain!, person!);
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @Allow('session')
  @AllowScopes('enroll', 'factors')
  @Answers(204, 'The session has ended')
  async signOut(
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await endSessions(this.room, originOf(caller, correlation), [caller.person!.session!.sid]);
    this.replies.takeBack(reply);
  }
}
