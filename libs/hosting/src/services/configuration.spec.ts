import { ConfigurationFault } from '@sparekey/platform';
import { generateMasterKeys, generatePeppers } from '@sparekey/vault';
import { readLog, readService } from './configuration.ts';

const log = { EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false', KAFKA_BROKERS: '127.0.0.1:9092' };
const service = {
  ...log,
  DATABASE_URL: 'postgres://sparekey@127.0.0.1/views',
  KEYRING_DATABASE_URL: 'postgres://sparekey@127.0.0.1/keys',
  SPAREKEY_MASTER_KEYS: generateMasterKeys(),
};

const faults = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.faults;
    throw error;
  }
};

test('the relay needs the log and the broker, and no secret of the installation', () => {
  expect(readLog(log)).toMatchObject({ kafka: { brokers: ['127.0.0.1:9092'] }, namespace: '' });
  expect(faults(() => readLog({}))).toEqual([
    expect.stringContaining('KAFKA_BROKERS'),
    expect.stringContaining('EVENTSTORE_URL'),
  ]);
});

test.each(['esdb://', 'esdb+discover://', 'kurrentdb://', 'kurrentdb+discover://'])(
  '%s begins an address of the log',
  (scheme) => {
    const EVENTSTORE_URL = `${scheme}127.0.0.1:2113`;
    expect(readLog({ ...log, EVENTSTORE_URL })).toMatchObject({ eventStoreUrl: EVENTSTORE_URL });
  },
);

describe('of the secrets a service', () => {
  test('keeps what it opens, and lets go of the rest that it is given', () => {
    const given = { ...service, SPAREKEY_PEPPERS: generatePeppers() };
    const { masterKeys, peppers } = readService(given, ['contact', 'challenge']);
    expect([...masterKeys.keys()]).toEqual(['contact', 'challenge']);
    expect(peppers).toEqual([]);
    expect(readService(given, ['contact', 'pepper']).peppers).toHaveLength(1);
  });

  test('needs no more than what it opens', () => {
    const keys = service.SPAREKEY_MASTER_KEYS.split('\n').filter((line) =>
      /^(contact|challenge)\./.test(line),
    );
    const given = { ...service, SPAREKEY_MASTER_KEYS: keys.join('\n') };
    expect(faults(() => readService(given, ['contact', 'challenge']))).toEqual([]);
    expect(faults(() => readService(given, ['contact', 'factor', 'pepper']))).toEqual([
      expect.stringContaining('SPAREKEY_MASTER_KEYS: there is no key for factor'),
      expect.stringContaining('SPAREKEY_PEPPERS'),
    ]);
  });

  test('is told everything that is missing at once', () => {
    expect(
      faults(() => readService({}, ['contact', 'pepper'])).map((one) => one.split(/[: ]/, 1)[0]),
    ).toEqual([
      'KAFKA_BROKERS',
      'EVENTSTORE_URL',
      'SPAREKEY_MASTER_KEYS',
      'SPAREKEY_PEPPERS',
      'DATABASE_URL',
      'KEYRING_DATABASE_URL',
    ]);
  });
});
