import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Allow, CalledBy, type Caller } from '@sparekey/access-control';
import { DevelopmentInbox } from './development-inbox.ts';

const DEMO = 'demo';

/** Every mail and text message of the demo, for its administrator and the operator; in a browser a page shows them. */
@ApiExcludeController()
@Controller('dev/inbox')
export class InboxController {
  constructor(private readonly inbox: DevelopmentInbox) {}

  @Get()
  @Allow('administrator')
  getInbox(@CalledBy() caller: Caller) {
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
    return { items, next: null };
  }
}
