import { createHash } from 'node:crypto';

/** What is given on as it is, by the beginning of its name. */
const OURS = /^(SPAREKEY_|KAFKA_|EVENTSTORE_|DATABASE_|KEYRING_|LOG_LEVEL$|OTEL_|NODE_EXTRA_CA_CERTS$)/;

/** Services recognise the operator's token and do not hold it. */
const WITHHELD = /^SPAREKEY_OPERATOR_TOKEN(_FILE)?$/;

/** The environment of every service: the caller's, the servers', and the secrets of the data directory. */
export function passOn(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
  operatorToken: string | undefined,
  servers: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      OURS.test(entry[0]) && !WITHHELD.test(entry[0]) && entry[1] !== undefined,
  );
  const has = (name: string) => given.some(([key]) => key === name || key === `${name}_FILE`);
  return {
    ...(has('SPAREKEY_MASTER_KEYS') ? {} : { SPAREKEY_MASTER_KEYS_FILE: `${directory}/master-keys` }),
    ...(has('SPAREKEY_PEPPERS') ? {} : { SPAREKEY_PEPPERS_FILE: `${directory}/peppers` }),
    ...(operatorToken !== undefined && {
      SPAREKEY_OPERATOR_TOKEN_DIGEST: createHash('sha256').update(operatorToken).digest('hex'),
    }),
    ...Object.fromEntries(given),
    ...servers,
  };
}
