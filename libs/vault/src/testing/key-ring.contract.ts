import { randomUUID } from 'node:crypto';
import type { KeyRing, RingRow } from '../key-ring.ts';

export interface KeyRingUnderTest {
  readonly ring: KeyRing;
  reopen(): Promise<KeyRing>;
  close(): Promise<void>;
}

const row = (subject: string, generation = 1, fill = 7): RingRow => ({
  subject,
  class: 'factor',
  generation,
  wrapped: new Uint8Array(62).fill(fill),
  shreddedAt: undefined,
});
const subjectName = () => `acme.${randomUUID()}`;

/** The whole contract of {@link KeyRing}; every adapter runs all of it. */
export function keyRingContract(adapter: string, open: () => Promise<KeyRingUnderTest>): void {
  describe(`the key ring on ${adapter}`, () => {
    let under: KeyRingUnderTest;
    let ring: KeyRing;

    beforeAll(async () => {
      under = await open();
      ring = under.ring;
    });
    afterAll(() => under.close());

    test('knows no key that nobody added', async () => {
      expect(await ring.newest(subjectName(), 'factor')).toBeUndefined();
      expect(await ring.find(subjectName(), 'factor', 1)).toBeUndefined();
    });

    test('gives back what was added, and the newest generation', async () => {
      const subject = subjectName();
      await ring.insertIfAbsent(row(subject, 1, 1));
      await ring.insertIfAbsent(row(subject, 2, 2));
      expect(await ring.find(subject, 'factor', 1)).toEqual(row(subject, 1, 1));
      expect(await ring.newest(subject, 'factor')).toEqual(row(subject, 2, 2));
      expect(await ring.newest(subject, 'contact')).toBeUndefined();
    });

    test('of twenty who add at once all get the one that stands', async () => {
      const subject = subjectName();
      const rows = await Promise.all(
        Array.from({ length: 20 }, (_, n) => ring.insertIfAbsent(row(subject, 1, n))),
      );
      for (const one of rows) expect(one).toEqual(rows[0]);
      expect(await ring.newest(subject, 'factor')).toEqual(rows[0]);
    });

    test('a shredded subject has no keys any more, and none is made again under the same generation', async () => {
      const [subject, other] = [subjectName(), subjectName()];
      await ring.insertIfAbsent(row(subject));
      await ring.insertIfAbsent(row(other));
      await ring.shred(subject, 1_000);
      await ring.shred(subject, 2_000);
      const shredded = { ...row(subject), wrapped: undefined, shreddedAt: 1_000 };
      expect(await ring.newest(subject, 'factor')).toEqual(shredded);
      expect(await ring.insertIfAbsent(row(subject))).toEqual(shredded);
      expect(await ring.newest(other, 'factor')).toEqual(row(other));
    });

    test('a subject that never had a key gets none after it was shredded', async () => {
      const subject = subjectName();
      await ring.shred(subject, 1_000);
      expect((await ring.insertIfAbsent(row(subject))).wrapped).toBeUndefined();
      expect((await ring.newest(subject, 'factor'))?.wrapped).toBeUndefined();
    });

    test('a named secret is the first one kept', async () => {
      const name = randomUUID();
      expect(await ring.secret(name)).toBeUndefined();
      expect(await ring.secretIfAbsent(name, 'one')).toBe('one');
      expect(await ring.secretIfAbsent(name, 'two')).toBe('one');
      expect(await ring.secret(name)).toBe('one');
    });

    test('everything is there when the ring is opened again', async () => {
      const subject = subjectName();
      await ring.insertIfAbsent(row(subject));
      ring = await under.reopen();
      expect(await ring.newest(subject, 'factor')).toEqual(row(subject));
    });
  });
}
