import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IDENTITY_SERVICE, refuse, SERVICE_ID, TOKEN_ROLES, type TokenRole } from '@sparekey/contracts';
import { Allow, ByPerson, CalledBy, originOf, type Caller } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  MomentField,
  NameField,
  PatternField,
  Refuses,
  UuidParam,
  WordField,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import { IdentityRoom } from '../identity.room.ts';
import { issueToken } from '../issue-token.ts';
import { listTokens } from '../list-tokens.ts';
import { tokensDecider } from '../tokens.ts';
import { API_TOKENS, ISSUED_TOKEN } from './answers.ts';

class IssueTokenBody {
  @NameField()
  name: string;

  @WordField(TOKEN_ROLES)
  role: TokenRole;

  @PatternField(SERVICE_ID, { optional: true, description: 'With role service: which registered service' })
  service?: string;

  @MomentField({ optional: true })
  expiresAt?: string;
}

@ApiTags('API tokens')
@ApiBearerAuth()
@Controller('v1/domains/:domain/api-tokens')
export class ApiTokensController {
  constructor(private readonly room: IdentityRoom) {}

  /** Tokens mint no tokens: an administrator does, in person, or the operator. */
  @Post()
  @Allow('administrator')
  @ByPerson()
  @Answers(201, 'The token', ISSUED_TOKEN)
  @Refuses('policy-refused')
  issueApiToken(
    @DomainParam() domain: string,
    @Body() { expiresAt, ...body }: IssueTokenBody,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<AnswerOf<typeof ISSUED_TOKEN>> {
    if (body.service === IDENTITY_SERVICE) {
      const message = 'is the name of the reference sign-in service, which holds its own token';
      throw refuse('validation-failed', { errors: [{ field: 'service', message }] });
    }
    const terms = { ...body, ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }) };
    return issueToken(this.room, originOf(caller, correlation, domain), terms);
  }

  @Get()
  @Allow('administrator')
  @Answers(200, 'Those that are good, newest first', API_TOKENS)
  listApiTokens(@DomainParam() domain: string): Promise<AnswerOf<typeof API_TOKENS>> {
    return listTokens(this.room, domain);
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @Allow('administrator')
  @ByPerson()
  @Answers(204, 'The token is good for nothing any more')
  async revokeApiToken(
    @DomainParam() domain: string,
    @UuidParam('tokenId') tokenId: string,
    @CalledBy() caller: Caller,
    @Correlated() correlation: Correlation,
  ): Promise<void> {
    const origin = originOf(caller, correlation, domain);
    await this.room.changeTokens(origin, async ({ state }) =>
      tokensDecider.decide({ type: 'RevokeToken', tokenId }, state),
    );
  }
}
