import type { Message, Sender } from '../ports/index.ts';

/** How a provider of a test behaves towards the next messages. */
export type Mood = 'takes' | 'refuses' | 'not-now' | 'slow' | 'takes-and-hangs-up';

export interface Taken {
  readonly id: string;
  readonly to: string;
  readonly text: string;
}

/** What a contract run needs of an adapter: a sender, and the provider behind it, which is a real server. */
export interface SenderUnderTest {
  readonly sender: Sender;
  mood(mood: Mood): void;
  /** Every message that was taken, repeated ones as often as they came. */
  readonly taken: readonly Taken[];
  /** The provider is gone; then it is back under the same address. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

let numbers = 0;

/** The whole contract of {@link Sender}; every adapter runs all of it. */
export function senderContract(adapter: string, open: () => Promise<SenderUnderTest>): void {
  describe(`the sender by ${adapter}`, () => {
    let under: SenderUnderTest;

    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    const address = () => (under.sender.channel === 'sms' ? '+31655500199' : 'ada@acme.example');
    const message = (): Message => ({
      id: String(++numbers).padStart(32, '0'),
      to: address(),
      subject: 'Grüße: “a recovery code was used”',
      text: `Code number 7 – ä漢\u{1F511} ${'long '.repeat(300)}\n\n.\nA line that begins with a dot.\n`,
      html: '<p>Code number 7</p>',
    });
    const patience = (ms = 5_000) => AbortSignal.timeout(ms);

    test('hands a message over as it is', async () => {
      const sent = message();
      await under.sender.send(sent, patience());
      expect(under.taken).toEqual([{ id: sent.id, to: sent.to, text: sent.text.trimEnd() }]);
    });

    test('hands many over, each once', async () => {
      const sent = Array.from({ length: 20 }, message);
      await Promise.all(sent.map((one) => under.sender.send(one, patience())));
      expect(under.taken.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
    });

    test('tells what is refused for good from what is not taken now', async () => {
      under.mood('refuses');
      await expect(under.sender.send(message(), patience())).rejects.toMatchObject({
        name: 'MessageRefused',
      });
      under.mood('not-now');
      await expect(under.sender.send(message(), patience())).rejects.toMatchObject({ name: 'Error' });
      under.mood('takes');
      await under.sender.send(message(), patience());
      expect(under.taken).toHaveLength(1);
    });

    test('names nobody in its errors', async () => {
      for (const mood of ['refuses', 'not-now'] as const) {
        under.mood(mood);
        const error: Error = await under.sender.send(message(), patience()).then(
          () => new Error('taken'),
          (thrown: Error) => thrown,
        );
        expect(error.message).not.toContain(address());
        expect(error.message).not.toBe('taken');
      }
    });

    test('says that the provider is away, and goes on when it is back', async () => {
      await under.sender.send(message(), patience());
      await under.stop();
      const away = under.sender.send(message(), patience());
      await expect(away).rejects.toMatchObject({ name: 'ProviderUnavailable' });
      await under.restart();
      await under.sender.send(message(), patience());
      expect(under.taken).toHaveLength(2);
    });

    test('gives up on a slow one when it is told to, and does not call it refused', async () => {
      under.mood('slow');
      const slow = under.sender.send(message(), patience(200));
      await expect(slow).rejects.toMatchObject({
        name: expect.stringMatching(/^(Error|ProviderUnavailable)$/) as string,
      });
      under.mood('takes');
      await under.sender.send(message(), patience());
    });

    test('repeats a message whose acknowledgement was lost under the same id', async () => {
      const sent = message();
      under.mood('takes-and-hangs-up');
      await expect(under.sender.send(sent, patience())).rejects.toMatchObject({ name: 'Error' });
      under.mood('takes');
      await under.sender.send(sent, patience());
      expect(new Set(under.taken.map(({ id }) => id))).toEqual(new Set([sent.id]));
    });
  });
}
