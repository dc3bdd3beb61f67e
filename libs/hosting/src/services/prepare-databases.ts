import { createGenerations, type GenerationsTable } from '@sparekey/read-models';
import { connectPostgres, postgresDialect, prepareRoles, type ServiceRole } from '@sparekey/postgres';
import { SEAL_CLASSES } from '@sparekey/vault';
import { Kysely } from 'kysely';
import type { ServiceDefinition } from './service.ts';

interface Owned {
  /** Read models and listeners, as their owner. */
  readonly databaseUrl: string;
  /** The key ring, likewise. */
  readonly keyRingUrl: string;
  readonly allowPlaintext: boolean;
}

/** What a service may do in the databases follows from its definition. */
export const roleOf = (
  { opens, projections }: ServiceDefinition,
  { name, password }: Pick<ServiceRole, 'name' | 'password'>,
): ServiceRole => ({
  name,
  password,
  opens: SEAL_CLASSES.filter((one) => opens.includes(one)),
  readModels: projections?.({} as never).map((projection) => projection.name) ?? [], // only their names are asked for
});

/** Tables that services share, and for each service a role of its own. @throws StoreUnavailable · ConfigurationFault */
export async function prepareDatabases(
  { databaseUrl, keyRingUrl, allowPlaintext }: Owned,
  roles: readonly ServiceRole[],
): Promise<void> {
  const connect = (url: string, variable: string) =>
    connectPostgres(url, { applicationName: 'sparekey-prepare', allowPlaintext, variable });
  const [views, keys] = [connect(databaseUrl, 'DATABASE_URL'), connect(keyRingUrl, 'KEYRING_DATABASE_URL')];
  try {
    const rows = new Kysely<GenerationsTable>({ dialect: postgresDialect(views) });
    await prepareRoles(views, keys, roles, () => createGenerations(rows));
  } finally {
    await views.close();
    await keys.close();
  }
}
