export { auditProjection } from './audit.projection.ts';
export { ACTIONS, OUTCOMES, ROWS, type Outcome } from './rows.ts';
export type { AuditTables, EntryRow } from './tables.ts';
