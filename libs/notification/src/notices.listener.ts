import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { DeliveryFact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { hearsIn } from '@sparekey/platform';
import { claimNotices } from './claim-notices.ts';
import { deliverCode } from './deliver-code.ts';
import { NotificationRoom } from './notification.room.ts';
import { Outbox } from './outbox.ts';
import { NOTICE_POLICY, NOTIFIED_TYPES, type Notified } from './notice-policy.ts';

const Hears = hearsIn('notification');
const whole = NOTIFIED_TYPES.filter((type) => !(NOTICE_POLICY[type] as Notified).where);

/** What this room hears: every fact that people are told of, and every code that goes out. */
@Controller()
export class NoticesListener {
  constructor(
    private readonly room: NotificationRoom,
    private readonly outbox: Outbox,
  ) {}

  @Hears(whole)
  tell(@Payload() event: Envelope): Promise<void> {
    return claimNotices(this.room, this.outbox, event);
  }

  @Hears('DeliveryRequested')
  deliver(@Payload() event: Envelope & DeliveryFact): Promise<void> {
    return deliverCode(this.room, this.outbox, event);
  }

  @Hears('ChallengePassed', (NOTICE_POLICY.ChallengePassed as Notified).where)
  tellOfCode(@Payload() event: Envelope): Promise<void> {
    return claimNotices(this.room, this.outbox, event);
  }
}
