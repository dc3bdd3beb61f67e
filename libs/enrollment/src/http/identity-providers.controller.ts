import { canonicalIssuer } from '@sparekey/canonical';
import { Body, Controller, Delete, Get, HttpCode, Inject, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse, type IdentityProvider } from '@sparekey/contracts';
import { Allow, CalledBy, originOf, type Caller } from '@sparekey/access-control';
import {
  Answers,
  CONFIGURATION,
  Correlated,
  DomainParam,
  OUTBOUND,
  ProviderParam,
  Refuses,
  type AnswerOf,
  type Configuration,
  type Correlation,
  type GuardedFetch,
} from '@sparekey/platform';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { PROVIDER, PROVIDERS } from './answers.ts';
import { byId } from './by-id.ts';
import { SetProviderBody } from './domain-bodies.ts';

const shownProvider = (provider: string, { subjectIssuer: _, ...settings }: IdentityProvider) => ({
  provider,
  ...settings,
});

@ApiTags('domains')
@ApiBearerAuth()
@Controller('v1/domains/:domain')
export class IdentityProvidersController {
  constructor(
    private readonly room: EnrollmentRoom,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(OUTBOUND) private readonly outbound: GuardedFetch,
  ) {}

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
    const before = (await this.room.ownDomain(domain)).providers.get(provider);
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

  @Get('identity-providers')
  @Allow('administrator')
  @Answers(200, 'All of them, by their ids', PROVIDERS)
  async listIdentityProviders(@DomainParam() domain: string): Promise<AnswerOf<typeof PROVIDERS>> {
    const { providers } = await this.room.ownDomain(domain);
    return { items: byId(providers).map(([provider, known]) => shownProvider(provider, known)), next: null };
  }

  @Get('identity-providers/:provider')
  @Allow('operator')
  @Answers(200, 'The provider', PROVIDER)
  async getIdentityProvider(
    @DomainParam() domain: string,
    @ProviderParam() provider: string,
  ): Promise<AnswerOf<typeof PROVIDER>> {
    const known = (await this.room.ownDomain(domain)).providers.get(provider);
    if (!known) throw refuse('not-found', { detail: 'there is no such identity provider' });
    return shownProvider(provider, known);
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
}
