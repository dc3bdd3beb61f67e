import { isDeepStrictEqual } from 'node:util';
import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IDENTITY_SERVICE, refuse, type RegisteredService } from '@sparekey/contracts';
import { Allow, CalledBy, Fresh, originOf, requireFreshPerson, type Caller } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Refuses,
  ServiceParam,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import type { ServiceSettings } from '../domain.ts';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { SERVICE, SERVICES } from './answers.ts';
import { byId } from './by-id.ts';
import { RegisterServiceBody } from './domain-bodies.ts';

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

const shownService = (service: string, { since: _, ...settings }: RegisteredService) => ({
  service,
  manages: false,
  ...settings,
});

@ApiTags('domains')
@ApiBearerAuth()
@Controller('v1/domains/:domain')
export class ServicesController {
  constructor(private readonly room: EnrollmentRoom) {}

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
    const standing = (await this.room.ownDomain(domain)).services.get(service);
    if (service === IDENTITY_SERVICE) requireAsMade(caller, settings);
    if (widens(standing, settings)) requireFreshPerson(caller, this.room.ports.clock.now());
    await this.room.changeDomain(originOf(caller, correlation, domain), {
      type: 'RegisterService',
      service,
      settings,
    });
    return { service, ...settings };
  }

  @Get('services')
  @Allow('administrator')
  @Answers(200, 'All of them, by their ids', SERVICES)
  async listServices(@DomainParam() domain: string): Promise<AnswerOf<typeof SERVICES>> {
    const { services } = await this.room.ownDomain(domain);
    return { items: byId(services).map(([service, known]) => shownService(service, known)), next: null };
  }

  @Get('services/:service')
  @Allow('administrator')
  @Answers(200, 'The service', SERVICE)
  async getService(
    @DomainParam() domain: string,
    @ServiceParam() service: string,
  ): Promise<AnswerOf<typeof SERVICE>> {
    const known = (await this.room.ownDomain(domain)).services.get(service);
    if (!known) throw refuse('not-found', { detail: 'there is no such service' });
    return shownService(service, known);
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
}
