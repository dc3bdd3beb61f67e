import {
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuse } from '@sparekey/contracts';
import type { FastifyRequest } from 'fastify';
import { isAllowed, type Caller, type Permission } from './caller.ts';
import { CallerResolver } from './caller-resolver.ts';

const PERMISSIONS = 'sparekey:permissions';

/** Who may make this call: a caller who holds one of these, in the call's domain. */
export const Allow = (...anyOf: Permission[]) => SetMetadata(PERMISSIONS, anyOf);

/** The call asks for no caller: it is public, or what it carries is itself the proof (a challenge id). */
export const AllowAnyone = () => SetMetadata(PERMISSIONS, []);

interface CalledRequest extends FastifyRequest {
  caller?: Caller;
}

/** Refuses every call whose handler does not say who may make it: a forgotten decorator opens nothing. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerResolver,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const anyOf = this.reflector.get<Permission[] | undefined>(PERMISSIONS, context.getHandler());
    if (!anyOf) throw refuse('forbidden');
    return anyOf.length === 0 || this.#check(context.switchToHttp().getRequest<CalledRequest>(), anyOf);
  }

  async #check(request: CalledRequest, anyOf: readonly Permission[]): Promise<boolean> {
    const [scheme, bearer] = (request.headers.authorization ?? '').split(' ');
    const caller =
      scheme?.toLowerCase() === 'bearer' && bearer ? await this.callers.resolve(bearer) : undefined;
    if (!caller) throw refuse('unauthenticated');
    const { domain } = request.params as { domain?: string };
    if (!isAllowed(caller, anyOf, domain)) throw refuse('forbidden');
    request.caller = caller;
    return true;
  }
}

/** The caller that the guard let through. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest<CalledRequest>().caller!;
});
