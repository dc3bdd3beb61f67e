import { Body, Controller, Delete, Get, HttpCode, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  CalledBy,
  Correlated,
  DomainParam,
  Fresh,
  mayManage,
  originOf,
  UserParam,
  UuidParam,
  type Caller,
  type Correlation,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { accessTokensDecider } from '../access-tokens.ts';
import { IdentityRoom } from '../identity.room.ts';
import { issueAccessToken, listAccessTokens } from '../issue-access-token.ts';
import { putAccount } from '../put-account.ts';
import { IssueAccessTokenBody, PutAccountBody } from './bodies.ts';

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('domains/:domain/users/:user')
export class AccountsController {
  constructor(private readonly room: IdentityRoom) {}

  /** The account with which a user signs in at the reference sign-in service. A password ends every session. */
  @Put('account')
  @Allow('service', 'administrator')
  @Fresh()
  async putAccount(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() body: PutAccountBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const origin = originOf(caller, correlation, domain, user);
    const isNew = await putAccount(this.room, origin, body, mayManage(caller));
    void reply.code(isNew ? 201 : 200);
    return { userId: user };
  }

  @Post('access-tokens')
  @Allow('self')
  @Fresh()
  issueAccessToken(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Body() { expiresAt, ...body }: IssueAccessTokenBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ) {
    const origin = originOf(caller, correlation, domain, user);
    const session = caller.person?.session;
    const asked = session ? { signInId: session.signInId } : {};
    return issueAccessToken(this.room, origin, { ...body, ...asked, expiresAt: Date.parse(expiresAt) });
  }

  @Get('access-tokens')
  @Allow('self')
  listAccessTokens(@DomainParam() domain: string, @UserParam() user: string) {
    return listAccessTokens(this.room, domain, user);
  }

  @Delete('access-tokens/:tokenId')
  @HttpCode(204)
  @Allow('self')
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
}
