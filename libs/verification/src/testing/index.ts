export { SOURCES, type Held } from '../held.ts';
