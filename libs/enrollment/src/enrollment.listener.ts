import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { factorsStream, readFacts, type FactorsFact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { hearsIn, repudiated, type Repudiated, type Repudiation } from '@sparekey/platform';
import { EnrollmentRoom } from './enrollment.room.ts';
import { userDecider } from './user.ts';

const Hears = hearsIn('enrollment');

type Said = Envelope & FactorsFact;
type Of<Type extends FactorsFact['type']> = Envelope & Extract<FactorsFact, { type: Type }>;
const isOf =
  <Type extends FactorsFact['type']>(...types: Type[]) =>
  (said: Said): said is Of<Type> =>
    types.some((type) => type === said.type);

@Controller()
export class EnrollmentListener {
  constructor(private readonly room: EnrollmentRoom) {}

  /**
   * What stood before somebody else's change stands again, whatever followed it; so does two-step verification that was
   * switched off in the same session.
   */
  @Hears('NoticeRepudiated')
  async undo(@Payload() repudiation: Repudiation): Promise<void> {
    const what = await repudiated(this.room.ports.store, repudiation);
    const { event, origin, isBehind } = what;
    if (event.type === 'ContactsChanged') return this.#restoreContacts(event, what);
    const said = await this.#said(origin);
    for (const off of said.filter(isOf('TwoStepDisabled')).filter(isBehind)) {
      if (said.filter(isOf('TwoStepEnabled')).some(({ data }) => data.undoes === off.revision)) continue;
      await this.room.changeUser(origin, async ({ state }) =>
        userDecider.decide({ type: 'RestoreTwoStep', undoes: off.revision }, state),
      );
    }
  }

  #said({ domain, subject }: Repudiated['origin']): Promise<Said[]> {
    return readFacts<FactorsFact>(this.room.ports.store, factorsStream(domain, subject));
  }

  async #restoreContacts({ revision }: Envelope, { origin }: Repudiated): Promise<void> {
    const { domain, subject: user } = origin;
    await this.room.changeUser(origin, async ({ state, eventId }) => {
      const changes = (await this.#said(origin)).filter(isOf('UserRegistered', 'ContactsChanged'));
      const isSettled = changes.filter(isOf('ContactsChanged')).some(
        ({ data, ...change }) =>
          // a stronger proof has spoken, or what stood before this change or an earlier one stands again already
          (change.revision >= revision && data.steppedUp) || (data.undoes ?? Infinity) <= revision,
      );
      const before = changes.findLast((change) => change.revision < revision);
      if (isSettled || !before) return [];
      const sealed = { value: before.data.contacts, eventId: before.id };
      const text = await this.room.open(domain, user, 'contact', sealed, 'contacts');
      const contacts = await this.room.seal(domain, user, 'contact', text, eventId(0), 'contacts');
      return userDecider.decide({ type: 'PutContacts', contacts, undoes: revision }, state);
    });
  }
}
