import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { hearsIn, repudiated, type Repudiation } from '@sparekey/platform';
import { codesDecider } from './codes.ts';
import { RecoveryRoom } from './recovery.room.ts';

const Hears = hearsIn('recovery');

@Controller()
export class RecoveryListener {
  constructor(private readonly room: RecoveryRoom) {}

  /** A set that its owner did not make is void. */
  @Hears('NoticeRepudiated', { kind: 'RecoveryCodesGenerated' })
  async revokeCodes(@Payload() repudiation: Repudiation): Promise<void> {
    const { event, origin } = await repudiated(this.room.ports.store, repudiation);
    if (event.type !== 'RecoveryCodesGenerated') return;
    const { batchId } = event.data;
    await this.room.changeCodes(origin, async ({ state }) =>
      codesDecider.decide({ type: 'RevokeCodes', batchId }, state),
    );
  }
}
