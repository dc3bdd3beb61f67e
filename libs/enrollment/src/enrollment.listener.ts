import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { Fact } from '@sparekey/contracts';
import type { Envelope, Origin } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiation } from '@sparekey/platform';
import { EnrollmentRoom } from './enrollment.room.ts';
import type { SealedAt } from './factor.ts';
import { userDecider } from './user.ts';

const Hears = hearsIn('enrollment');

@Controller()
export class EnrollmentListener {
  constructor(private readonly room: EnrollmentRoom) {}

  /** What somebody else changed is as it was before, unless it was changed again since. */
  @Hears('NoticeRepudiated')
  async undo(@Payload() repudiation: Repudiation): Promise<void> {
    const { kind } = repudiation.data;
    if (kind !== 'ContactsChanged' && kind !== 'TwoStepDisabled') return;
    const { event, origin } = await repudiated(this.room.ports.store, repudiation);
    if (event.type === 'ContactsChanged') await this.#restoreContacts(event, origin);
    else if (event.type === 'TwoStepDisabled') {
      const { epoch } = event.data;
      await this.room.changeUser(origin, async ({ state }) =>
        userDecider.decide({ type: 'RestoreTwoStep', epoch }, state),
      );
    }
  }

  async #restoreContacts(event: Envelope & Fact, origin: Origin & { subject: string }): Promise<void> {
    const { domain, subject: user } = origin;
    await this.room.changeUser(origin, async ({ state, eventId }) => {
      if (state.contacts?.eventId !== event.id) return [];
      const before = await this.#contactsBefore(event);
      const text = await this.room.open(domain, user, 'contact', before, 'contacts');
      const contacts = await this.room.seal(domain, user, 'contact', text, eventId(0), 'contacts');
      return userDecider.decide({ type: 'PutContacts', contacts }, state);
    });
  }

  async #contactsBefore({ stream, revision }: Envelope): Promise<SealedAt> {
    for (let from = revision - 1; from >= 0; from -= 100) {
      const page = await this.room.ports.store.read(stream, { direction: 'backwards', from, limit: 100 });
      const said = page.find(({ type }) => type === 'ContactsChanged' || type === 'UserRegistered');
      if (said) return { value: (said.data as { contacts: string }).contacts, eventId: said.id };
    }
    throw new Error('contacts were changed that were never there');
  }
}
