import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Allow, Logged } from '../callers/caller.guard.ts';
import { IdPipe } from '../http/fields.ts';
import { PORTS, type Ports } from '../ports.ts';

const NAME = /^[a-z][a-z-]{0,39}$/;

/** Read models: how far they are, and making them anew. */
@ApiTags('operator')
@ApiBearerAuth()
@Controller('operator/projections')
export class ProjectionsController {
  constructor(@Inject(PORTS) private readonly ports: Ports) {}

  @Get()
  @Allow('operator')
  async listProjections() {
    const generations = await this.ports.views.generations();
    const items = generations.map(async ({ position, since, ...rest }) => ({
      ...rest,
      since: new Date(since).toISOString(),
      behind: await this.ports.store.countAfter(position ?? undefined),
    }));
    return { items: await Promise.all(items), next: null };
  }

  /** Makes it anew beside the one that is read until then. */
  @Post(':name/rebuild')
  @HttpCode(202)
  @Allow('operator')
  @Logged()
  async rebuildProjection(@Param('name', new IdPipe('name', NAME)) name: string) {
    const known = await this.ports.views.generations();
    if (!known.some((one) => one.name === name))
      throw refuse('not-found', { detail: 'there is no such read model' });
    await this.ports.views.rebuild(name);
    return { name, state: 'building' };
  }
}
