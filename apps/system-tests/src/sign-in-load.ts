import { setTimeout as sleep } from 'node:timers/promises';
import { cloudEventOf, codec, EVENT_CATALOGUE } from '@sparekey/contracts';
import type { StoredEvent } from '@sparekey/event-sourcing';
import { connectKafka, Topics, type Kafka } from '@sparekey/kafka';
import { Tenant, totpCode, type MailServer, type Person } from '@sparekey/testing';
import { readTopics, type ServiceProcesses } from '@sparekey/testing/services';

/** People who sign in at separate services while something fails, and what must hold of it afterwards. */
export class SignInLoad {
  readonly #services: ServiceProcesses;
  readonly #mail: MailServer;
  readonly #kafka: Kafka;
  readonly #acknowledged: string[] = [];
  readonly acme: Tenant;
  readonly people: readonly Person[];

  private constructor(
    services: ServiceProcesses,
    mail: MailServer,
    kafka: Kafka,
    acme: Tenant,
    people: readonly Person[],
  ) {
    this.#services = services;
    this.#mail = mail;
    this.#kafka = kafka;
    this.acme = acme;
    this.people = people;
  }

  /** @param services with a clock that is moved on · @param mail where their notices go */
  static async begin(
    services: ServiceProcesses,
    mail: MailServer,
    kafkaBrokers: string,
    size: number,
  ): Promise<SignInLoad> {
    const kafka = connectKafka({
      brokers: kafkaBrokers.split(','),
      clientId: 'reader',
      allowPlaintext: false,
      onLog: () => undefined,
    });
    const acme = await Tenant.create(services.api, services.operatorToken);
    const people: Person[] = [];
    for (let n = 0; n < size; n++) people.push(await acme.enrol(`ada-${n}`, () => services.clock.now()));
    return new SignInLoad(services, mail, kafka, acme, people);
  }

  /** Everybody signs in once with the code of a new step. @returns how each was answered; 0 where it was not */
  async everybodySignsIn(): Promise<number[]> {
    const { clock } = this.#services;
    clock.advance(30);
    const signIns = this.people.map(async (person) => {
      const opened = await this.acme.open(person.userId);
      if (opened.status !== 201) return opened.status;
      const answered = await this.acme.answer(opened.body.challengeId as string, {
        method: 'totp',
        code: totpCode(person.secret, clock.now()),
      });
      if (answered.status === 200) this.#acknowledged.push(refOf(answered.body.result as string));
      return answered.status;
    });
    return Promise.all(signIns.map((one) => one.catch(() => 0)));
  }

  /** Signs in until it works for all again. */
  async recovers(): Promise<void> {
    for (let tries = 0; tries < 100; tries++, await sleep(100))
      if ((await this.everybodySignsIn()).every((status) => status === 200)) return;
    throw new Error(`it does not go on: ${this.#services.output.slice(-20).join('')}`);
  }

  /** Everybody is sent something. */
  notify(): Promise<unknown> {
    return Promise.all(this.people.map(({ userId }) => this.acme.issueCodes(userId)));
  }

  async wholeLog(): Promise<StoredEvent[]> {
    return [...(await this.#services.store.readAll(undefined, 1_000_000))];
  }

  /** What must hold afterwards, whatever happened. */
  async expectNothingLost(): Promise<void> {
    await this.#services.settle();
    const log = await this.wholeLog();
    const passes = log
      .filter(({ type }) => type === 'ChallengePassed')
      .map(({ data }) => data as { challengeRef: string; holder: string; consumes: { through: number } });
    const refs = new Set(passes.map(({ challengeRef }) => challengeRef));
    expect(this.#acknowledged.filter((ref) => !refs.has(ref))).toEqual([]);
    expect(new Set(passes.map(({ holder, consumes }) => `${holder} ${consumes.through}`)).size).toBe(
      passes.length,
    );
    await this.#expectSaidOnce(log);

    const notices = log.filter(({ type }) => type === 'NoticeClaimed');
    const sent = log.filter(({ type }) => type === 'NoticeSent');
    expect(sent).toHaveLength(notices.length);
    const mails = this.#mail.taken.map(({ id }) => id);
    expect(new Set(mails).size).toBe(notices.length);
    const { api, operatorToken: token } = this.#services;
    const { body } = await api('GET', '/v1/operator/parked', { token });
    expect(body.items).toEqual([]);
  }

  /** Every event is on its topic once, and those of a key are in order. */
  async #expectSaidOnce(log: readonly StoredEvent[]): Promise<void> {
    const said = log
      .map((event) => ({ event, cloud: cloudEventOf(codec.decode(event)) }))
      .filter(({ cloud }) => cloud);
    const topics = new Topics(this.#services.namespace);
    const contexts = Object.keys(EVENT_CATALOGUE).map((context) => topics.context(context));
    const heard = await readTopics(this.#kafka, contexts, (all) => all.length >= said.length);
    const ids = heard.map(({ headers }) => headers.ce_id);
    expect(new Set(ids)).toEqual(new Set(said.map(({ event }) => event.id)));
    expect(ids).toHaveLength(said.length);
    for (const [key, messages] of Map.groupBy(heard, ({ topic, key }) => `${topic} ${key}`)) {
      const order = messages.map(({ headers }) => Number(headers.ce_position!.split('/')[0]));
      expect([key, order]).toEqual([key, order.toSorted((a, b) => a - b)]);
    }
  }
}

function refOf(result: string): string {
  const [, claims = ''] = result.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { challengeRef: string }).challengeRef;
}
