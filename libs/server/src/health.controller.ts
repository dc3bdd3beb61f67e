import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAnyone } from '@sparekey/access-control';
import { Health, readiness } from '@sparekey/platform';
import { LagReporter, lostIn } from './lag-reporter.ts';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly followers: LagReporter,
  ) {}

  @Get('live')
  @AllowAnyone()
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @AllowAnyone()
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const [wrong, waiting, followers] = await Promise.all([
      this.health.faults(),
      this.health.waiting(),
      this.followers.status().catch(({ message }: Error) => ({ fault: message })),
    ]);
    // what follows the log may be behind: signing in does not wait for it; but it does not stand outside of the log
    const faults = { ...wrong, ...('rooms' in followers && lostIn(followers)) };
    const waits = Object.keys(waiting).length > 0 && { waiting };
    const { status, body } = readiness(faults, { ...waits, followers });
    void reply.code(status);
    return body;
  }
}
