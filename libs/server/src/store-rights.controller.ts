import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Allow } from '@sparekey/access-control';
import { answer, Answers, flag, page, PORTS, word, type AnswerOf, type Ports } from '@sparekey/platform';

const RIGHTS = page(
  'StoreRights',
  answer('StoreRight', {
    who: word(['sparekey', 'anybody'], 'Its own login, or anybody who has none'),
    may: word(
      ['read-all', 'read', 'append', 'delete', 'delete-for-good', 'read-metadata', 'set-metadata'],
      'Read the whole log, or do this to a stream of Sparekey’s',
    ),
    allowed: flag('As the server answered when it was tried'),
    wanted: flag('Whether it should be allowed: where the two differ, something is to be mended'),
  }),
);

/** Who may do what in the event store. */
@ApiTags('operator')
@ApiBearerAuth()
@Controller('v1/operator/event-store/rights')
export class StoreRightsController {
  constructor(@Inject(PORTS) private readonly ports: Ports) {}

  /** Tries it out, without changing anything. Nothing is listed where the log is on Sparekey's own machine, where nobody is asked for a login. */
  @Get()
  @Allow('operator')
  @Answers(200, 'All of them', RIGHTS)
  async listStoreRights(): Promise<AnswerOf<typeof RIGHTS>> {
    return { items: [...((await this.ports.store.rights?.()) ?? [])], next: null };
  }
}
