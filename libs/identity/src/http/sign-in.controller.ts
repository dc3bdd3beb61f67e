import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AllowAnyone } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Refuses,
  type AnswerOf,
  type Correlation,
  type WithFields,
} from '@sparekey/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterFirstStep } from '../after-first-step.ts';
import { IdentityRoom } from '../identity.room.ts';
import { readCallback } from '../provider-callback.ts';
import { openPasskeySignIn, signInByPasskey } from '../passkey-sign-in.ts';
import { ProviderSignIn } from '../provider-sign-in.ts';
import { Rejections } from '../rejections.ts';
import { SecondStep } from '../second-step.ts';
import type { FirstStep } from '../sessions.ts';
import { showSignInOptions } from '../show-sign-in-options.ts';
import { browserOf, checkPassword } from '../sign-in.ts';
import { OPTIONS, PASSKEY, SESSION, SIGNED_IN } from './answers.ts';
import { PASSKEY_SIGN_IN, PasskeySignInBody, SignInBody, StartProviderQuery } from './bodies.ts';
import { isBrowserOnItsWay, pageAfter, pageAfterRefusal } from './provider-pages.ts';
import { ofUser, SessionReplies } from './session-replies.ts';

export const SessionHeader = () =>
  ApiHeader({
    name: 'Sparekey-Session',
    required: false,
    enum: ['cookie'],
    description: '`cookie`: the session is set as a cookie and not returned; from our own pages only',
  });

@ApiTags('sign-in')
@Controller('v1/identity')
export class SignInController {
  constructor(
    private readonly room: IdentityRoom,
    private readonly secondStep: SecondStep,
    private readonly rejections: Rejections,
    private readonly replies: SessionReplies,
    private readonly provider: ProviderSignIn,
  ) {}

  /** The password step of the reference sign-in service, and what comes after it. */
  @Post('sign-in')
  @HttpCode(200)
  @AllowAnyone()
  @SessionHeader()
  @Answers(200, 'What comes next', SIGNED_IN)
  @Refuses(
    'sign-in-refused',
    'unauthenticated',
    'forbidden',
    'not-enrolled',
    'policy-refused',
    'too-many-requests',
  )
  async signIn(
    @Body() body: SignInBody,
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SIGNED_IN>> {
    const asCookie = this.replies.asksForCookie(request);
    const attempt = { ...body, context: this.replies.contextOf(request), ...this.replies.browserOf(request) };
    const first = await checkPassword(this.room, this.rejections, correlation.correlationId, attempt);
    return this.#goOn(first, correlation, asCookie, reply);
  }

  /** What a browser asks a passkey for, of whoever it is. */
  @Post('domains/:domain/passkey-challenges')
  @HttpCode(200)
  @AllowAnyone()
  @Answers(200, 'The options for the browser', PASSKEY)
  @Refuses('policy-refused')
  async openPasskeySignIn(@DomainParam() domain: string): Promise<AnswerOf<typeof PASSKEY>> {
    return (await openPasskeySignIn(this.room, this.secondStep, domain)) as AnswerOf<typeof PASSKEY>;
  }

  /** Both steps in one, by a passkey that says who it is. */
  @Post('domains/:domain/passkey-sign-in')
  @ApiBody({ type: PasskeySignInBody })
  @HttpCode(200)
  @AllowAnyone()
  @SessionHeader()
  @Answers(200, 'The session', SESSION)
  @Refuses(
    'sign-in-refused',
    'code-rejected',
    'forbidden',
    'not-enrolled',
    'challenge-expired',
    'challenge-closed',
    'unauthenticated',
    'policy-refused',
  )
  async signInByPasskey(
    @DomainParam() domain: string,
    @Body(PASSKEY_SIGN_IN) { challengeId, fields }: WithFields<PasskeySignInBody>,
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SESSION>> {
    const asCookie = this.replies.asksForCookie(request);
    const attempt = { domain, challengeId, credential: fields.credential as object };
    const context = this.replies.contextOf(request);
    const origins = ofUser(correlation);
    const { user, session } = await signInByPasskey(this.room, this.secondStep, origins, attempt, context);
    await this.replies.rememberBrowser(domain, user, reply);
    return this.replies.give(session, asCookie, reply);
  }

  /** What a sign-in page has to know. */
  @Get('domains/:domain')
  @AllowAnyone()
  @Answers(200, 'How one signs in', OPTIONS)
  getSignInOptions(@DomainParam() domain: string): Promise<AnswerOf<typeof OPTIONS>> {
    return showSignInOptions(this.room, domain);
  }

  /** Sends the browser to the organisation's provider. */
  @Get('oidc/start')
  @AllowAnyone()
  @Answers(302, 'The browser goes to the provider')
  @Refuses('not-found')
  async startProviderSignIn(
    @Query() { domain, provider, session, fresh }: StartProviderQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const cookie = session === 'cookie';
    try {
      const begun = await this.provider.start(domain, provider, { cookie, fresh: fresh === 'true' });
      this.replies.keepTransaction(request, reply, begun.state, begun.transaction);
      void reply.redirect(begun.url, 302);
    } catch (error) {
      if (!cookie || !isBrowserOnItsWay(request)) throw error;
      void reply.redirect(pageAfterRefusal(domain, error), 302);
    }
  }

  /**
   * Where the provider sends the browser back to, with `code` and `state`, or with `error`. What else it says is ignored
   * (RFC 6749 section 4.1.2).
   */
  @Get('oidc/callback')
  @AllowAnyone()
  @ApiQuery({ name: 'code', required: false, type: String, description: 'RFC 6749 section 4.1.2' })
  @ApiQuery({
    name: 'state',
    required: false,
    type: String,
    description: 'As this browser took it to the provider; without it the sign-in is refused',
  })
  @ApiQuery({ name: 'iss', required: false, type: String, description: 'RFC 9207' })
  @ApiQuery({ name: 'error', required: false, type: String, description: 'RFC 6749 section 4.1.2.1' })
  @Answers(200, 'What comes next', SIGNED_IN)
  @Answers(302, 'A browser that asks for HTML goes on to the page of what comes next')
  @Refuses(
    'sign-in-refused',
    'unauthenticated',
    'forbidden',
    'not-found',
    'not-enrolled',
    'policy-refused',
    'too-many-requests',
  )
  async finishProviderSignIn(
    @Req() request: FastifyRequest,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof SIGNED_IN> | undefined> {
    const isPage = isBrowserOnItsWay(request);
    let domain: string | undefined;
    try {
      const said = readCallback(request.url);
      const transaction = this.provider.open(
        this.replies.takeTransaction(request, reply, said.get('state') ?? ''),
      );
      ({ domain } = transaction);
      const first = await this.provider.finish(transaction, said, this.replies.contextOf(request));
      const browser = browserOf(this.room, this.replies.browserOf(request).browser, first);
      const where = browser === undefined ? {} : { browser };
      const next = await this.#goOn({ ...first, ...where }, correlation, transaction.cookie, reply);
      if (isPage && transaction.cookie) void reply.redirect(pageAfter(domain, next), 302);
      else return next;
    } catch (error) {
      if (!isPage) throw error;
      void reply.redirect(pageAfterRefusal(domain, error), 302);
    }
  }

  async #goOn(
    first: FirstStep,
    correlation: Correlation,
    asCookie: boolean,
    reply: FastifyReply,
  ): Promise<AnswerOf<typeof SIGNED_IN>> {
    const { domain, user } = first;
    const origin = ofUser(correlation)(domain, user);
    const signedIn = await afterFirstStep(this.room, this.secondStep, origin, first);
    if (signedIn.decision === 'challenge') return signedIn;
    await this.replies.rememberBrowser(domain, user, reply);
    return { ...signedIn, session: this.replies.give(signedIn.session, asCookie, reply) };
  }
}
