import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { verificationStream } from '@sparekey/contracts';
import { commandIdOf, type Attempt } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiation } from '@sparekey/platform';
import { verificationDecider, type Verification } from './verification.ts';
import { VerificationRoom } from './verification.room.ts';

const Hears = hearsIn('verification');
const PAGE = 200;

@Controller()
export class VerificationListener {
  constructor(private readonly room: VerificationRoom) {}

  /** A factor that its owner did not add is suspended, until the help desk gives it back. */
  @Hears('NoticeRepudiated', { kind: 'FactorConfirmed' })
  async suspendFactor(@Payload() repudiation: Repudiation): Promise<void> {
    const { event, origin } = await repudiated(this.room.ports.store, repudiation);
    const commandId = commandIdOf(repudiation.id, 'verification');
    if (event.type !== 'FactorConfirmed' || (await this.#hasActed(commandId, repudiation))) return;
    const { factorId } = event.data;
    const decide = async ({ state }: Attempt<Verification>) =>
      verificationDecider.decide({ type: 'SuspendFactor', factorId }, state);
    await this.room.change(origin, decide, commandId);
  }

  /** Heard again after the help desk gave the factor back, it must not be taken away once more. */
  async #hasActed(commandId: string, { domain, subject = '', time }: Repudiation): Promise<boolean> {
    const stream = verificationStream(domain, subject);
    let from: number | undefined;
    for (;;) {
      const options = { direction: 'backwards', limit: PAGE, ...(from !== undefined && { from }) } as const;
      const page = await this.room.ports.store.read(stream, options);
      if (page.some(({ causationId }) => causationId === commandId)) return true;
      const oldest = page.at(-1);
      if (!oldest || oldest.time < time || oldest.revision === 0) return false;
      from = oldest.revision - 1;
    }
  }
}
