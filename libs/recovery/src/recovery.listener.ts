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
  @Hears('NoticeRepudiated')
  async revokeCodes(@Payload() repudiation: Repudiation): Promise<void> {
    const { event, origin, sessions } = await repudiated(this.room.ports.store, repudiation);
    await this.room.changeCodes(origin, async ({ state }) => {
      const isBehind = state?.sessionId !== undefined && sessions.has(state.sessionId);
      const isItself = event.type === 'RecoveryCodesGenerated' && event.data.batchId === state?.batchId;
      if (!state || !(isBehind || isItself)) return [];
      return codesDecider.decide({ type: 'RevokeCodes', batchId: state.batchId }, state);
    });
  }
}
