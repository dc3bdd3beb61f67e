export { bulkInsert } from './bulk-insert.ts';
export { createGenerations, tableName, type Generation, type GenerationsTable } from './generations.ts';
export { rowSum, type Projection, type TableName } from './projection.ts';
export { Projector, type ProjectorOptions } from './projector.ts';
export { ProjectionLoop } from './projection-loop.ts';
export { rowNumber } from './row-number.ts';
