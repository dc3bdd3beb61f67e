import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { DOMAIN_ID, USER_ID } from '@sparekey/contracts';
import { Allow, Logged } from '@sparekey/access-control';
import { Answers, DomainParam, LimitField, OpaqueField, WordField, type AnswerOf } from '@sparekey/platform';
import { findUsers, listDomains, readAfter, showReadiness, STATES, type State } from '../directory.ts';
import { EnrollmentRoom } from '../enrollment.room.ts';
import { listRoles } from '../show-user.ts';
import { DOMAINS, READINESS, ROLES_HELD, USERS } from './answers.ts';

const PAGE = 50;

class PageQuery {
  @OpaqueField(64, { optional: true, description: '`next` of the page before' })
  cursor?: string;

  @LimitField()
  limit?: number;
}

class UsersQuery extends PageQuery {
  @OpaqueField(320, { optional: true, description: 'A user, an e-mail address or a telephone number, whole' })
  query?: string;

  @WordField(STATES, { optional: true })
  state?: State;
}

@ApiTags('directory')
@ApiBearerAuth()
@Controller('v1/domains')
export class DirectoryController {
  constructor(private readonly room: EnrollmentRoom) {}

  @Get()
  @Allow('operator')
  @Answers(200, 'Every domain, by its id', DOMAINS)
  listDomains(@Query() { cursor, limit = PAGE }: PageQuery): Promise<AnswerOf<typeof DOMAINS>> {
    return listDomains(this.room, readAfter(cursor, DOMAIN_ID), limit);
  }

  /** The help desk looks up who calls. */
  @Get(':domain/users')
  @Allow('service', 'help-desk')
  @Logged()
  @Answers(200, 'People of the domain, by their ids', USERS)
  findUsers(
    @DomainParam() domain: string,
    @Query() { cursor, limit = PAGE, query, state }: UsersQuery,
  ): Promise<AnswerOf<typeof USERS>> {
    const after = readAfter(cursor, USER_ID);
    const search = {
      limit,
      ...(after !== undefined && { after }),
      ...(query !== undefined && { query }),
      ...(state !== undefined && { state }),
    };
    return findUsers(this.room, domain, search);
  }

  @Get(':domain/roles')
  @Allow('administrator')
  @Answers(200, 'Who holds which, by their ids', ROLES_HELD)
  listRoles(@DomainParam() domain: string): Promise<AnswerOf<typeof ROLES_HELD>> {
    return listRoles(this.room, domain);
  }

  @Get(':domain/readiness')
  @Allow('administrator')
  @Answers(200, 'How safe its people are, and how that went from day to day', READINESS)
  getReadiness(@DomainParam() domain: string): Promise<AnswerOf<typeof READINESS>> {
    return showReadiness(this.room, domain);
  }
}
