import { Body, Controller, Delete, Get, HttpCode, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Allow, CalledBy, Fresh, mayManage, originOf, type Caller } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Refuses,
  UserParam,
  UuidParam,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { accessTokensDecider } from '../access-tokens.ts';
import { IdentityRoom } from '../identity.room.ts';
import { endSessions, listSessions } from '../list-sessions.ts';
import { issueAccessToken, listAccessTokens } from '../issue-access-token.ts';
import { openLogin, putAccount } from '../put-account.ts';
import { ACCESS_TOKENS, ACCOUNT, ISSUED_TOKEN, LOGIN, SESSIONS } from './answers.ts';
import { IssueAccessTokenBody, PutAccountBody } from './bodies.ts';

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/domains/:domain/users/:user')
export class AccountsController {
  constructor(private readonly room: IdentityRoom) {}

  /** The account with which a user signs in at the reference sign-in service. A password ends every session. */
  @Put('account')
  @Allow('service', 'administrator')
  @Fresh()
  @Answers(200, 'The account was there before; it goes by this login now', ACCOUNT)
  @Answers(201, 'The account is new', ACCOUNT)
  @Refuses('already-exists', 'policy-refused')
  async putAccount(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() body: PutAccountBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof ACCOUNT>> {
    const origin = originOf(caller, correlation, domain, user);
    const isNew = await putAccount(this.room, origin, body, mayManage(caller));
    void reply.code(isNew ? 201 : 200);
    return { userId: user };
  }

  @Get('account')
  @Allow('self', 'administrator')
  @Answers(200, 'By which login they sign in', LOGIN)
  async getAccount(
    @DomainParam() domain: string,
    @UserParam() user: string,
  ): Promise<AnswerOf<typeof LOGIN>> {
    const { login } = await this.room.account(domain, user);
    if (!login) throw refuse('not-found', { detail: 'this user has no account' });
    return { userId: user, login: await openLogin(this.room, domain, user, login) };
  }

  @Post('access-tokens')
  @Allow('self')
  @Fresh()
  @Answers(201, 'The token', ISSUED_TOKEN)
  @Refuses('policy-refused')
  issueAccessToken(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { expiresAt, ...body }: IssueAccessTokenBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof ISSUED_TOKEN>> {
    const origin = originOf(caller, correlation, domain, user);
    const session = caller.person?.session;
    const asked = session ? { signInId: session.signInId } : {};
    return issueAccessToken(this.room, origin, { ...body, ...asked, expiresAt: Date.parse(expiresAt) });
  }

  @Get('access-tokens')
  @Allow('self')
  @Answers(200, 'Those that are good, newest first', ACCESS_TOKENS)
  listAccessTokens(
    @DomainParam() domain: string,
    @UserParam() user: string,
  ): Promise<AnswerOf<typeof ACCESS_TOKENS>> {
    return listAccessTokens(this.room, domain, user);
  }

  @Delete('access-tokens/:tokenId')
  @HttpCode(204)
  @Allow('self')
  @Answers(204, 'The token is good for nothing any more')
  async revokeAccessToken(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('tokenId') tokenId: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    const origin = originOf(caller, correlation, domain, user);
    await this.room.changeAccessTokens(origin, async ({ state }) =>
      accessTokensDecider.decide({ type: 'RevokeAccessToken', tokenId }, state),
    );
  }

  @Get('sessions')
  @Allow('self')
  @Answers(200, 'Those that have not ended, newest first', SESSIONS)
  listSessions(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() { person }: Caller,
  ): Promise<AnswerOf<typeof SESSIONS>> {
    return listSessions(this.room, domain, user, person?.session?.sid);
  }

  /** Everywhere, this one included. */
  @Delete('sessions')
  @HttpCode(204)
  @Allow('self')
  @Answers(204, 'All of them have ended')
  async endSessions(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await endSessions(this.room, originOf(caller, correlation, domain, user));
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Allow('self')
  @Answers(204, 'It has ended, now or before')
  async endSession(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @UuidParam('sessionId') sessionId: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await endSessions(this.room, originOf(caller, correlation, domain, user), [sessionId]);
  }
}
