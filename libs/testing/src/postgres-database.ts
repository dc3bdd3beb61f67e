import { randomUUID } from 'node:crypto';
import { connectPostgres, type Postgres } from '@sparekey/postgres';

/**
 * A database of its own on a server (15 or newer) on which databases may be made. Its language orders text as people do,
 * so that who relies on the order of bytes without saying so is found out.
 */
export async function postgresDatabase(
  server: string,
): Promise<{ readonly url: string; connect(): Postgres; drop(): Promise<void> }> {
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const own = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const order = async (statement: string) => {
    const admin = connectPostgres(server, { applicationName: 'sparekey-test', maxConnections: 1 });
    await admin.query(statement).finally(() => admin.close());
  };
  await order(`CREATE DATABASE ${name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`);
  return {
    url: own,
    connect: () => connectPostgres(own, { applicationName: 'sparekey-test' }),
    drop: () => order(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}
