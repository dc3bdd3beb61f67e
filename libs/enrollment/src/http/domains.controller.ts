import { Body, Controller, Get, Headers, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import { completePolicy, isWeaker, namesOthers, policyFaults, refuse } from '@sparekey/contracts';
import { Allow, CalledBy, originOf, requireFreshPerson, type Caller } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Refuses,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import { OWN_SUBJECT } from '@sparekey/vault';
import type { FastifyReply } from 'fastify';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { DOMAIN, POLICY } from './answers.ts';
import { NameDomainBody, POLICY_BODY } from './domain-bodies.ts';

const etag = (version: number) => `"${version}"`;

@ApiTags('domains')
@ApiBearerAuth()
@Controller('v1/domains/:domain')
export class DomainsController {
  constructor(private readonly room: EnrollmentRoom) {}

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
    const { displayName } = await this.room.ownDomain(domain);
    return { domain, displayName };
  }

  @Get('policy')
  @Allow('administrator')
  @Answers(200, 'The whole policy; its version is the ETag', POLICY)
  async getPolicy(
    @DomainParam() domain: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof POLICY>> {
    const { policy, policyVersion } = await this.room.ownDomain(domain);
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
  @Refuses('policy-refused', 'ownership-not-proven', 'precondition-failed', 'precondition-required')
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
    const { policy: standing } = await this.room.ownDomain(domain);
    if (caller.role !== 'operator' && namesOthers(standing, policy)) throw refuse('ownership-not-proven');
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
}
