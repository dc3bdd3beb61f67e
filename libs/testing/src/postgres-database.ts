import { randomUUID } from 'node:crypto';
import { connectPostgres, type Postgres } from '@sparekey/postgres';

/** A database of its own on a server on which databases may be made. */
export async function postgresDatabase(
  server: string,
): Promise<{ connect(): Postgres; drop(): Promise<void> }> {
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const own = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const order = async (statement: string) => {
    const admin = connectPostgres(server, { applicationName: 'sparekey-test', maxConnections: 1 });
    await admin.query(statement);
    await admin.close();
  };
  await order(`CREATE DATABASE ${name}`);
  return {
    connect: () => connectPostgres(own, { applicationName: 'sparekey-test' }),
    drop: () => order(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}
