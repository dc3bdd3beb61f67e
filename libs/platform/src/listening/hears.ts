import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { EventFilter } from '@sparekey/event-sourcing';
import { throwError, type Observable } from 'rxjs';

/** The real error reaches who delivers the event: it is what a parked event is kept with. */
@Catch()
class KeepCause implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

const keepCause = new KeepCause();

/**
 * The handlers of one room for what others said: `const Hears = hearsIn('notification')`, then
 * `@Hears('FactorRemoved')` on a method of a listener class, which stands among a module's controllers.
 *
 * A handler gets the event in its newest version, at least once, in order for each person. It reads the streams and acts
 * on what they say now; it is idempotent on the event's id. What it throws is tried again and then parked.
 */
export const hearsIn =
  (room: string) =>
  (types: string | readonly string[], where?: EventFilter['where']): MethodDecorator =>
    applyDecorators(
      EventPattern<string[]>(
        [types].flat().map((type) => `${room}:${type}`),
        { where },
      ),
      UseFilters(keepCause),
    );
