import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { refuse } from '@sparekey/contracts';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

interface FieldFault {
  readonly field: string;
  readonly message: string;
}

function faultsOf(errors: readonly ValidationError[], path = ''): FieldFault[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const field = path ? `${path}.${property}` : property;
    const own = Object.values(constraints).map((message) => ({
      field: short(field),
      message: short(message),
    }));
    return [...own, ...faultsOf(children, field)];
  });
}

/** So many faults are told of; the rest show when these are mended. */
const MOST_FAULTS = 20;

/** A client's own names of fields come back in faults: not at any length. */
const short = (text: string) => (text.length > 256 ? `${text.slice(0, 256)}…` : text);

const mayBeAbsent = new WeakSet<object>();

/** A call that means something without any body. Elsewhere a missing one is a fault of the client, and not `{}`. */
export const BodyMayBeAbsent = (): ClassDecorator => (target) => void mayBeAbsent.add(target);

const isMissing = () =>
  refuse('validation-failed', { detail: 'the body must be a JSON object: there is none' });

/** Bodies and queries become instances of their classes; a wrong or an unknown field is refused by name. */
@Injectable()
export class BodyPipe implements PipeTransform {
  transform(given: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'body' && given === undefined && metatype === Object) throw isMissing();
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object) return given;
    const value = given === undefined ? {} : given; // no body says nothing: what must be said is then missing by name
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse('validation-failed', { detail: 'the body must be a JSON object' });
    }
    const instance = plainToInstance(metatype as ClassConstructor<object>, value);
    const errors = validateSync(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
    });
    if (errors.length > 0)
      throw refuse('validation-failed', {
        errors: faultsOf(errors.slice(0, MOST_FAULTS)).slice(0, MOST_FAULTS),
      });
    if (type === 'body' && given === undefined && !mayBeAbsent.has(metatype)) throw isMissing();
    return instance;
  }
}
