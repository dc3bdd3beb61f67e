import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { factorsStream, readFacts, verificationStream, type FactorsFact } from '@sparekey/contracts';
import { commandIdOf, type Attempt } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiation } from '@sparekey/platform';
import { verificationDecider, type Verification } from './verification.ts';
import { VerificationRoom } from './verification.room.ts';

const Hears = hearsIn('verification');
const PAGE = 200;

@Controller()
export class VerificationListener {
  constructor(private readonly room: VerificationRoom) {}

  /** Factors that their owner did not add are suspended, until the help desk gives them back. */
  @Hears('NoticeRepudiated')
  async suspendFactors(@Payload() repudiation: Repudiation): Promise<void> {
    const { store } = this.room.ports;
    const { origin, isBehind } = await repudiated(store, repudiation);
    const facts = await readFacts<FactorsFact>(store, factorsStream(origin.domain, origin.subject));
    const factorIds = facts
      .filter((fact) => fact.type === 'FactorConfirmed')
      .filter(isBehind)
      .map(({ data }) => data.factorId);
    const commandId = commandIdOf(repudiation.id, 'verification');
    if (factorIds.length === 0 || (await this.#hasActed(commandId, repudiation))) return;
    const decide = async ({ state }: Attempt<Verification>) =>
      factorIds.flatMap((factorId) => verificationDecider.decide({ type: 'SuspendFactor', factorId }, state));
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
