export { FoldCache } from './fold-cache.ts';
