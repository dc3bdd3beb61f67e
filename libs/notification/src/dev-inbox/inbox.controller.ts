import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Allow, CalledBy, type Caller } from '@sparekey/access-control';
import type { FastifyReply } from 'fastify';
import { DevelopmentInbox } from './development-inbox.ts';
import { renderInbox } from './inbox-page.ts';

const DEMO = 'demo';
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Every mail and text message of the demo, for its administrator and the operator. */
@ApiExcludeController()
@Controller('dev/inbox')
export class InboxController {
  constructor(private readonly inbox: DevelopmentInbox) {}

  @Get()
  @Allow('administrator')
  @Header('content-security-policy', POLICY)
  async getInbox(
    @CalledBy() caller: Caller,
    @Headers('accept') accept = '',
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (caller.domain !== undefined && caller.domain !== DEMO)
      throw refuse('forbidden', { detail: 'the development inbox is the demo domain’s' });
    const items = this.inbox.messages.map(({ at, channel, to, subject, text, id }) => ({
      id,
      channel,
      at: new Date(at).toISOString(),
      to,
      ...(channel === 'email' && { subject }),
      text,
    }));
    if (!accept.includes('text/html')) return { items, next: null };
    void reply.type('text/html; charset=utf-8');
    return renderInbox(items);
  }
}
