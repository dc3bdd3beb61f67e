import {
  createParamDecorator,
  Inject,
  Injectable,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuse, type AccessScope, type SessionScope } from '@sparekey/contracts';
import { lookAnew, Refusal } from '@sparekey/event-sourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import {
  type Configuration,
  DomainReader,
  correlationOf,
  CONFIGURATION,
  LOGGER,
  PORTS,
  type Ports,
} from '@sparekey/platform';
import { AccessLog, type LoggedCall } from './access-log.ts';
import { OPERATOR, type Caller, type Permission, type Requirement } from './caller.ts';
import { readBearer } from './bearer.ts';
import { CallerResolver } from './caller-resolver.ts';
import { ChangeBudget } from './change-budget.ts';
import { authorize } from './authorize.ts';
import { OPERATOR_COOKIE, OPERATOR_PATH, OperatorSessions } from './operator-session.ts';
import { readCookie, requireSameOrigin, SESSION_COOKIE, setCookie } from './session-cookie.ts';
import { SessionTokens } from './session-tokens.ts';

const REQUIREMENT = 'sparekey:requirement';

/** Adds to what a handler asks of its caller. */
function requires(part: Partial<Requirement>): MethodDecorator & CustomDecorator {
  const decorate = (_target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const handler = descriptor!.value as object;
    const before = Reflect.getMetadata(REQUIREMENT, handler) as object | undefined;
    Reflect.defineMetadata(REQUIREMENT, { ...before, ...part }, handler);
  };
  return Object.assign(decorate, { KEY: REQUIREMENT });
}

/** What a handler asks of its caller. */
export const requirementOf = (handler: object): Requirement | undefined =>
  Reflect.getMetadata(REQUIREMENT, handler) as Requirement | undefined;

/** Who may make this call: a caller who holds one of these, in the call's domain. */
export const Allow = (...anyOf: Permission[]) => requires({ anyOf });

/** The call asks for no caller: it is public, or what it carries is itself the proof (a challenge id). */
export const AllowAnyone = () => requires({ anyOf: [] });

/** Public, and who holds a session is told of all the same ({@link CalledBy} may then be absent). */
export const MayHaveSession = () => requires({ mayHaveSession: true });

/** Sessions that are narrower than `full` may make it too. */
export const AllowScopes = (...scopes: SessionScope[]) => requires({ scopes });

/** Personal access tokens of this scope may make it too. */
export const AllowAccessToken = (accessScope: AccessScope) => requires({ accessScope });

/** A sensitive change: the person has shown within the last quarter of an hour who they are (RFC 9470). */
export const Fresh = () => requires({ fresh: true });

/** No machine makes this call, whatever its role. */
export const ByPerson = () => requires({ byPerson: true, fresh: true });

/** The log tells who made this call; a person who looks at what is their own is not told of. */
export const Logged = () => requires({ logged: true });

/** Resolves while the caller may still make the call that is being answered. @throws Refusal */
export type Reauthorize = () => Promise<void>;

interface CalledRequest extends FastifyRequest {
  caller?: Caller;
  reauthorize?: Reauthorize;
}

/** Refuses every call whose handler does not say who may make it: a forgotten decorator opens nothing. */
@Injectable()
export class CallerGuard implements CanActivate {
  readonly #changes: ChangeBudget;
  readonly #accesses: AccessLog;

  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerResolver,
    private readonly sessionTokens: SessionTokens,
    private readonly operatorSessions: OperatorSessions,
    private readonly domains: DomainReader,
    @Inject(PORTS) private readonly ports: Ports,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#accesses = new AccessLog(ports, logger);
    this.#changes = new ChangeBudget(ports.clock);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const requirement = this.reflector.get<Requirement | undefined>(REQUIREMENT, context.getHandler());
    if (!requirement?.anyOf) throw refuse('forbidden');
    if (requirement.anyOf.length === 0 && !requirement.mayHaveSession) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<CalledRequest>();
    const { name } = context.getHandler();
    return this.#check(request, http.getResponse<FastifyReply>(), requirement, name);
  }

  async #check(
    request: CalledRequest,
    reply: FastifyReply,
    requirement: Requirement,
    name: string,
  ): Promise<boolean> {
    const { domain, user } = request.params as { domain?: string; user?: string };
    const caller = await this.#identify(request, reply, domain);
    if (requirement.mayHaveSession) {
      if (caller?.person?.session) request.caller = caller;
      return true;
    }
    if (!caller) throw refuse('unauthenticated');
    const call = { domain, user, reads: request.method === 'GET' };
    const rolesOf = (target: string) => this.callers.rolesOf(domain!, target);
    const judged = (who: Caller) => authorize(who, requirement, call, this.ports.clock.now(), rolesOf);
    const logged = { name, domain, user };
    request.caller = await judged(caller).catch((error: unknown) => {
      this.#tellOfRefusal(error, caller, requirement, logged, request);
      throw error;
    });
    if (requirement.logged) await this.#tellOfLook(request.caller, requirement, logged, request);
    if (caller.person && !call.reads) this.#changes.take(`${caller.domain}.${caller.person.user}`);
    request.reauthorize = async () => {
      lookAnew();
      const again = await this.#identify(request, undefined, domain);
      if (!again) throw refuse('unauthenticated');
      await judged(again);
    };
    return true;
  }

  /** Who acts for the person, or is them, looks at what is their own. */
  async #tellOfLook(
    caller: Caller,
    { anyOf }: Requirement,
    call: LoggedCall,
    request: CalledRequest,
  ): Promise<void> {
    const isOwn = call.user !== undefined && caller.person?.user === call.user;
    if (isOwn || (caller.onBehalf && anyOf.includes('self'))) return;
    const { displayName } = call.domain === undefined ? {} : (await this.domains.load(call.domain)).state;
    if (call.domain !== undefined && displayName === undefined) return; // there is nothing to see
    await this.#accesses.looked(caller, call, correlationOf(request));
  }

  /** Calls that take a role; what a person may not do with what is their own is between them and the page. */
  #tellOfRefusal(
    error: unknown,
    caller: Caller,
    { anyOf }: Requirement,
    call: LoggedCall,
    request: CalledRequest,
  ): void {
    if (!(error instanceof Refusal) || anyOf.includes('session')) return;
    if (anyOf.includes('self') && call.user === caller.person?.user) return;
    const code: unknown = error.code;
    if (code === 'forbidden' || code === 'step-up-required')
      this.#accesses.refused(caller, code, call, correlationOf(request));
  }

  /** The bearer token, where there is one, else the cookie, which is renewed while there is a reply to do it in. */
  async #identify(
    request: CalledRequest,
    reply: FastifyReply | undefined,
    domain: string | undefined,
  ): Promise<Caller | undefined> {
    const bearer = readBearer(request.headers.authorization);
    if (bearer !== undefined) return this.callers.resolve(bearer, domain);
    const { publicUrl } = this.configuration;
    if (request.url.startsWith(OPERATOR_PATH)) return this.#operator(request);
    const cookie = readCookie(request, SESSION_COOKIE, publicUrl);
    if (cookie === undefined) return undefined;
    requireSameOrigin(request, publicUrl);
    const caller = await this.callers.session(cookie);
    if (caller && reply) await this.#renew(caller, reply);
    return caller;
  }

  /** What runs the installation is done in a session of the operator's, and in none of a person's. */
  async #operator(request: CalledRequest): Promise<Caller | undefined> {
    const { publicUrl } = this.configuration;
    const cookie = readCookie(request, OPERATOR_COOKIE, publicUrl);
    if (cookie === undefined) return undefined;
    requireSameOrigin(request, publicUrl);
    return (await this.operatorSessions.lives(cookie)) ? OPERATOR : undefined;
  }

  /** A session in use does not end: its cookie is renewed when a quarter of its idle time has gone. */
  async #renew({ domain, person }: Caller, reply: FastifyReply): Promise<void> {
    if (!this.sessionTokens.canSign) return; // a service that signs renews it
    const session = person!.session!;
    const now = this.ports.clock.now() / 1_000;
    if (now - session.iat < (session.exp - session.iat) / 4) return;
    const { policy } = (await this.domains.load(domain!)).state;
    const { token, expiresAt } = await this.sessionTokens.sign(domain!, session, policy.sessions.idleMinutes);
    setCookie(reply, SESSION_COOKIE, token, expiresAt / 1_000 - now, this.configuration.publicUrl);
  }
}

/** The caller that the guard let through. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest<CalledRequest>().caller!;
});

/** For answers that take long: asks again whether the caller may have them. */
export const StillAllowed = createParamDecorator((_: unknown, context: ExecutionContext): Reauthorize => {
  return context.switchToHttp().getRequest<CalledRequest>().reauthorize!;
});
