import { isDeepStrictEqual } from 'node:util';
import { canonicalIssuer } from '@sparekey/canonical';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import {
  completePolicy,
  domainStream,
  IDENTITY_SERVICE,
  isWeaker,
  policyFaults,
  refuse,
  type DomainView,
} from '@sparekey/contracts';
import { Allow, CalledBy, Fresh, originOf, requireFreshPerson, type Caller } from '@sparekey/access-control';
import {
  Answers,
  CONFIGURATION,
  Correlated,
  DomainParam,
  OUTBOUND,
  ProviderParam,
  Refuses,
  ServiceParam,
  type AnswerOf,
  type Configuration,
  type Correlation,
  type GuardedFetch,
} from '@sparekey/platform';
import { OWN_SUBJECT } from '@sparekey/vault';
import type { FastifyReply } from 'fastify';
import type { ServiceSettings } from '../domain.ts';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { DOMAIN, POLICY, PROVIDER, SERVICE } from './answers.ts';
import { NameDomainBody, POLICY_BODY, RegisterServiceBody, SetProviderBody } from './domain-bodies.ts';

const etag = (version: number) => `"${version}"`;

/** Whether a service could do more than before: speak for people, manage them, send them elsewhere, sign with another key. */
function widens(standing: ServiceSettings | undefined, wanted: ServiceSettings): boolean {
  const { onBehalf = false, manages = false, returnUrls = [], eventKeys = [] } = standing ?? {};
  const isHeld = (key: unknown) => eventKeys.some((held) => isDeepStrictEqual({ ...held }, key));
  return (
    (wanted.onBehalf && !onBehalf) ||
    (wanted.manages === true && !manages) ||
    wanted.returnUrls.some((url) => !returnUrls.includes(url)) ||
    (wanted.eventKeys ?? []).some((key) => !isHeld(key))
  );
}

/** The name of the reference sign-in service is reserved: the operator puts it back as it was made, and nobody else. */
function requireAsMade(
  { role }: Caller,
  { onBehalf, manages, returnUrls, eventKeys }: ServiceSettings,
): void {
  if (role === 'operator' && !onBehalf && !manages && returnUrls.length === 0 && eventKeys === undefined)
    return;
  throw refuse('policy-refused', { detail: 'this name is reserved for the reference sign-in service' });
}

@ApiTags('domains')
@ApiBearerAuth()
@Controller('v1/domains/:domain')
export class DomainsController {
  constructor(
    private readonly room: EnrollmentRoom,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(OUTBOUND) private readonly outbound: GuardedFetch,
  ) {}

  @Put()
  @Allow('operator')
  @Answers(200, 'It stood already, and is called so now', DOMAIN)
  @Answers(201, 'It is made', DOMAIN)
  @Refuses('policy-refused')
  async putDomain(
    @DomainParam() domain: string,
    @Body() { displayName }: NameDomainBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof DOMAIN>> {
    if (domain === OWN_SUBJECT) throw refuse('policy-refused', { detail: 'this name is reserved' });
    const origin = originOf(caller, correlation, domain);
    const { events } = await this.room.changeDomain(origin, { type: 'NameDomain', displayName });
    void reply.code(events.some(({ type }) => type === 'DomainCreated') ? 201 : 200);
    return { domain, displayName };
  }

  @Get()
  @Allow('administrator')
  @Answers(200, 'The domain', DOMAIN)
  async getDomain(@DomainParam() domain: string): Promise<AnswerOf<typeof DOMAIN>> {
    const { displayName } = await this.#load(domain);
    return { domain, displayName };
  }

  @Get('policy')
  @Allow('administrator')
  @Answers(200, 'The whole policy; its version is the ETag', POLICY)
  async getPolicy(
    @DomainParam() domain: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof POLICY>> {
    const { policy, policyVersion } = await this.#load(domain);
    void reply.header('etag', etag(policyVersion));
    return policy;
  }

  /** A weaker policy takes a person who has just shown who they are, or the operator. */
  @Put('policy')
  @Allow('administrator')
  @ApiBody({ schema: POLICY_BODY })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'The ETag of the policy that this one replaces',
  })
  @Answers(200, 'The whole policy as it stands now; its version is the ETag', POLICY)
  @Refuses('policy-refused', 'precondition-failed', 'precondition-required')
  async putPolicy(
    @DomainParam() domain: string,
    @Body() chosen: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof POLICY>> {
    const policy = completePolicy(chosen as object);
    const faults = policyFaults(policy);
    if (faults.length > 0) {
      const errors = faults.map(({ field, message }) => ({ field, message }));
      throw refuse(faults.every(({ outOfBounds }) => outOfBounds) ? 'policy-refused' : 'validation-failed', {
        errors,
      });
    }
    const { policy: standing } = await this.#load(domain);
    if (isWeaker(standing, policy)) requireFreshPerson(caller, this.room.ports.clock.now());
    if (ifMatch === undefined) throw refuse('precondition-required');
    const expected = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
    if (expected === undefined) throw refuse('precondition-failed');
    const { state } = await this.room.changeDomain(originOf(caller, correlation, domain), {
      type: 'ReplacePolicy',
      policy,
      expected: Number(expected),
    });
    void reply.header('etag', etag(state.policyVersion));
    return state.policy;
  }

  /** Rights that a service did not have take a person who has just shown who they are, or the operator. */
  @Put('services/:service')
  @Allow('administrator')
  @Fresh()
  @Answers(200, 'The service as it is registered now', SERVICE)
  @Refuses('policy-refused')
  async putService(
    @DomainParam() domain: string,
    @ServiceParam() service: string,
    @Body()
    { displayName, returnUrls = [], onBehalf = false, manages = false, eventKeys }: RegisterServiceBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof SERVICE>> {
    const keys = eventKeys?.map(({ kid, kty, crv, x }) => ({ kid, kty, crv, x }));
    const settings = { displayName, returnUrls, onBehalf, manages, ...(keys && { eventKeys: keys }) };
    const standing = (await this.#load(domain)).services.get(service);
    if (service === IDENTITY_SERVICE) requireAsMade(caller, settings);
    if (widens(standing, settings)) requireFreshPerson(caller, this.room.ports.clock.now());
    await this.room.changeDomain(originOf(caller, correlation, domain), {
      type: 'RegisterService',
      service,
      settings,
    });
    return { service, ...settings };
  }

  @Get('services/:service')
  @Allow('administrator')
  @Answers(200, 'The service', SERVICE)
  async getService(
    @DomainParam() domain: string,
    @ServiceParam() service: string,
  ): Promise<AnswerOf<typeof SERVICE>> {
    const known = (await this.#load(domain)).services.get(service);
    if (!known) throw refuse('not-found', { detail: 'there is no such service' });
    const { since: _, ...settings } = known;
    return { service, manages: false, ...settings };
  }

  @Delete('services/:service')
  @Allow('administrator')
  @Fresh()
  @HttpCode(204)
  @Answers(204, 'The service is registered no longer')
  async deleteService(
    @DomainParam() domain: string,
    @ServiceParam() service: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await this.room.changeDomain(originOf(caller, correlation, domain), { type: 'RemoveService', service });
  }

  @Put('identity-providers/:provider')
  @Allow('operator')
  @Answers(200, 'The provider as it stands now', PROVIDER)
  @Refuses('policy-refused')
  async putIdentityProvider(
    @DomainParam() domain: string,
    @ProviderParam() provider: string,
    @Body() { issuer, jwksUri, audience, clientId, claims }: SetProviderBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof PROVIDER>> {
    if (canonicalIssuer(issuer).startsWith(this.configuration.publicUrl)) {
      throw refuse('validation-failed', {
        errors: [{ field: 'issuer', message: 'must not be Sparekey itself' }],
      });
    }
    await this.#requireReachable({ issuer, jwksUri });
    const before = (await this.#load(domain)).providers.get(provider);
    if (before?.claims.user.hash && canonicalIssuer(before.issuer) !== canonicalIssuer(issuer)) {
      throw refuse('policy-refused', {
        detail:
          'people of this provider are called by a digest over its issuer: with another issuer all of them would be new; register it under another name',
      });
    }
    const { email, displayName } = claims;
    const settings = {
      issuer,
      jwksUri,
      audience,
      ...(clientId !== undefined && { clientId }),
      claims: {
        user: { claim: claims.user.claim, hash: claims.user.hash ?? false },
        ...(email !== undefined && { email }),
        ...(displayName !== undefined && { displayName }),
      },
    };
    await this.room.changeDomain(originOf(caller, correlation, domain), {
      type: 'SetProvider',
      provider,
      settings,
    });
    return { provider, ...settings };
  }

  /** What would not be asked is refused here, by name, and not at the first sign-in. */
  async #requireReachable(addresses: Readonly<Record<string, string>>): Promise<void> {
    const errors = [];
    for (const [field, address] of Object.entries(addresses)) {
      const message = await this.outbound.judge(address);
      if (message !== undefined) errors.push({ field, message });
    }
    if (errors.length > 0) throw refuse('validation-failed', { errors });
  }

  @Get('identity-providers/:provider')
  @Allow('operator')
  @Answers(200, 'The provider', PROVIDER)
  async getIdentityProvider(
    @DomainParam() domain: string,
    @ProviderParam() provider: string,
  ): Promise<AnswerOf<typeof PROVIDER>> {
    const known = (await this.#load(domain)).providers.get(provider);
    if (!known) throw refuse('not-found', { detail: 'there is no such identity provider' });
    const { subjectIssuer: _, ...settings } = known;
    return { provider, ...settings };
  }

  @Delete('identity-providers/:provider')
  @Allow('operator')
  @HttpCode(204)
  @Answers(204, 'Its tokens are accepted no longer')
  async deleteIdentityProvider(
    @DomainParam() domain: string,
    @ProviderParam() provider: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    await this.room.changeDomain(originOf(caller, correlation, domain), { type: 'RemoveProvider', provider });
  }

  async #load(domain: string): Promise<DomainView & { readonly displayName: string }> {
    const { state } = await this.room.domains.load(domainStream(domain));
    if (state.displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
    return { ...state, displayName: state.displayName };
  }
}
