export { DatabaseAddressFault } from './address.ts';
export { postgresDialect } from './kysely-dialect.ts';
export { migrateKeyRing, migrateListeners } from './migrations.ts';
export { connectPostgres, type ConnectOptions, type Postgres } from './postgres.ts';
export { PostgresKeyRing } from './postgres-key-ring.ts';
export { PostgresListenerState } from './postgres-listener-state.ts';
export { prepareRoles, type ServiceRole } from './roles.ts';
