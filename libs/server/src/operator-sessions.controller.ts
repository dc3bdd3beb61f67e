import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import {
  Allow,
  AllowAnyone,
  CallerResolver,
  OPERATOR_COOKIE,
  OPERATOR_SECONDS,
  OperatorSessions,
  requireSameOrigin,
  setCookie,
} from '@sparekey/access-control';
import {
  answer,
  Answers,
  CONFIGURATION,
  OpaqueField,
  Refuses,
  word,
  type AnswerOf,
  type Configuration,
} from '@sparekey/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

const OPERATOR = answer('OperatorSession', { role: word(['operator']) });

class OperatorTokenBody {
  @OpaqueField(512, { description: 'The operator’s token' })
  token: string;
}

/** How the operator comes to pages: the token is shown once and leaves the browser; a cookie stands in for it, for an hour. */
@ApiTags('operator')
@Controller('v1/operator/sessions')
export class OperatorSessionsController {
  constructor(
    private readonly callers: CallerResolver,
    private readonly sessions: OperatorSessions,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Post()
  @HttpCode(204)
  @AllowAnyone()
  @Answers(204, 'The session is set as a cookie; it reaches calls under `/v1/operator` alone')
  @Refuses('sign-in-refused', 'forbidden')
  async beginOperatorSession(
    @Body() { token }: OperatorTokenBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { publicUrl } = this.configuration;
    requireSameOrigin(request, publicUrl);
    if (!this.callers.isOperator(token)) throw refuse('sign-in-refused');
    setCookie(reply, OPERATOR_COOKIE, await this.sessions.begin(), OPERATOR_SECONDS, publicUrl);
  }

  /** Whether there is one, for pages. */
  @Get('current')
  @Allow('operator')
  @Answers(200, 'It is the operator who asks', OPERATOR)
  getOperatorSession(): AnswerOf<typeof OPERATOR> {
    return { role: 'operator' };
  }

  @Delete('current')
  @HttpCode(204)
  @AllowAnyone()
  @Answers(204, 'The cookie is taken back')
  endOperatorSession(@Res({ passthrough: true }) reply: FastifyReply): void {
    setCookie(reply, OPERATOR_COOKIE, '', 0, this.configuration.publicUrl);
  }
}
