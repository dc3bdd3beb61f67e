import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { LogDamaged } from '@sparekey/event-sourcing';
import { Allow, Logged } from '@sparekey/access-control';
import {
  answer,
  Answers,
  count,
  dateTime,
  orNull,
  page,
  text,
  word,
  type AnswerOf,
  PathParam,
  PORTS,
  type Ports,
} from '@sparekey/platform';

const name = text('Of the read model');
const PROJECTIONS = page(
  'ReadModels',
  answer('ReadModel', {
    name,
    generation: count('Each making anew is one more'),
    version: count('Of its tables'),
    state: word(['building', 'live', 'retired']),
    checksum: text(),
    events: count('How many it has looked at'),
    since: dateTime('When its state became what it is'),
    behind: orNull(
      count('Events that it has not looked at yet; null where the log is not the one that it followed'),
    ),
  }),
);
const REBUILDING = answer('Rebuilding', { name, state: word(['building']) });

const NAME = /^[a-z][a-z-]{0,39}$/;

/** Read models: how far they are, and making them anew. */
@ApiTags('operator')
@ApiBearerAuth()
@Controller('v1/operator/projections')
export class ReadModelsController {
  constructor(@Inject(PORTS) private readonly ports: Ports) {}

  @Get()
  @Allow('operator')
  @Answers(200, 'All of them', PROJECTIONS)
  async listProjections(): Promise<AnswerOf<typeof PROJECTIONS>> {
    const generations = await this.ports.views.generations();
    const items = generations.map(async ({ position, since, ...rest }) => ({
      ...rest,
      since: new Date(since).toISOString(),
      // as the log itself has it: what was heard may lag behind what there is
      behind: await this.ports.store.countAfter(position ?? undefined).catch((error: unknown) => {
        if (error instanceof LogDamaged) return null; // `ready` says what is wrong with its place
        throw error;
      }),
    }));
    return { items: await Promise.all(items), next: null };
  }

  /** Makes it anew beside the one that is read until then. */
  @Post(':name/rebuild')
  @HttpCode(202)
  @Allow('operator')
  @Logged()
  @Answers(202, 'It is being made', REBUILDING)
  async rebuildProjection(@PathParam('name', NAME) name: string): Promise<AnswerOf<typeof REBUILDING>> {
    const known = await this.ports.views.generations();
    if (!known.some((one) => one.name === name))
      throw refuse('not-found', { detail: 'there is no such read model' });
    await this.ports.views.rebuild(name);
    return { name, state: 'building' };
  }
}
