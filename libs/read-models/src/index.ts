export { bulkInsert } from './bulk-insert.ts';
export { createGenerations, tableName, type Generation, type GenerationsTable } from './generations.ts';
export { ProjectionLoop } from './projection-loop.ts';
export { rowSum, type Projection, type TableName } from './projection.ts';
export { Projector } from './projector.ts';
export { rowNumber } from './row-number.ts';
export { Views } from './views.ts';
