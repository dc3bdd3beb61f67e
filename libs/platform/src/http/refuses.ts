import { PROBLEMS, type ProblemCode } from '@sparekey/contracts';

const CODES = 'sparekey:problem-codes';

/** With what codes a call may be refused, beside those that the way it is asked and its path bring; OpenAPI says them. */
export const Refuses =
  (...codes: ProblemCode[]): MethodDecorator =>
  (_target, _key, descriptor) =>
    Reflect.defineMetadata(CODES, codes, descriptor.value as object);

/** What {@link Refuses} said of a handler. */
export const refusalsOf = (handler: object): readonly ProblemCode[] =>
  (Reflect.getMetadata(CODES, handler) as ProblemCode[] | undefined) ?? [];

/** Codes by the status they come with. */
export function byStatus(codes: Iterable<ProblemCode>): ReadonlyMap<number, readonly ProblemCode[]> {
  const found = new Map<number, ProblemCode[]>();
  for (const code of [...new Set(codes)].sort()) {
    const status = PROBLEMS[code];
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}
