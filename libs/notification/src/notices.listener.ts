import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { DeliveryFact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { hearsIn } from '@sparekey/platform';
import { claimNotices } from './claim-notices.ts';
import { deliverCode } from './deliver-code.ts';
import { NotificationRoom } from './notification.room.ts';
import { Outbox } from './outbox.ts';
import { TOLD, TOLD_TYPES, type Told } from './told.ts';

const Hears = hearsIn('notification');
const whole = TOLD_TYPES.filter((type) => !(TOLD[type] as Told).where);

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

  @Hears('ChallengePassed', (TOLD.ChallengePassed as Told).where)
  tellOfCode(@Payload() event: Envelope): Promise<void> {
    return claimNotices(this.room, this.outbox, event);
  }
}
