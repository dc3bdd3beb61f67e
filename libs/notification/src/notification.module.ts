import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Health } from '@sparekey/platform';
import { DevelopmentInbox } from './dev-inbox/development-inbox.ts';
import { InboxController } from './dev-inbox/inbox.controller.ts';
import { NoticesController } from './http/notices.controller.ts';
import { NoticesListener } from './notices.listener.ts';
import { NotificationRoom, SENDERS } from './notification.room.ts';
import { Outbox } from './outbox.ts';
import type { Sender } from './ports/index.ts';

@Module({})
export class NotificationModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly outbox: Outbox,
    private readonly room: NotificationRoom,
    private readonly health: Health,
  ) {}

  /**
   * @param senders at most one for each channel
   * @param inbox in the demo: what took the place of the senders, shown at `/dev/inbox`
   */
  static sending(senders: readonly Sender[], inbox?: DevelopmentInbox): DynamicModule {
    return {
      module: NotificationModule,
      controllers: [NoticesController, NoticesListener, ...(inbox ? [InboxController] : [])],
      providers: [
        NotificationRoom,
        { provide: SENDERS, useValue: senders },
        {
          provide: Outbox,
          inject: [NotificationRoom],
          useFactory: (room: NotificationRoom) => new Outbox(room),
        },
        ...(inbox ? [{ provide: DevelopmentInbox, useValue: inbox }] : []),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.outbox.start();
    this.health.add('outbox', async () => {
      if (this.outbox.lost !== undefined) throw new Error(this.outbox.lost);
    });
    for (const { channel } of this.room.senders)
      this.health.addWaiting(channel, async () => {
        const reason = this.outbox.troubleOf(channel);
        if (reason !== undefined) throw new Error(reason);
      });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.outbox.stop();
  }
}
