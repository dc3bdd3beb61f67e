import { Controller, Get, Injectable, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAnyone } from './callers/caller.guard.ts';

/** Something that must be well before requests should come here: resolves, or rejects with the reason. */
export type Check = () => Promise<void>;

@Injectable()
export class Health {
  readonly #checks = new Map<string, Check>();
  #stopping = false;

  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** From here on the process is not ready: it finishes what it has and ends. */
  stop(): void {
    this.#stopping = true;
  }

  /** @returns the reasons against being ready, by check */
  async faults(): Promise<Record<string, string>> {
    const faults: Record<string, string> = this.#stopping ? { process: 'stopping' } : {};
    for (const [name, check] of this.#checks) {
      await check().catch((error: Error) => {
        faults[name] = error.message;
      });
    }
    return faults;
  }
}

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @AllowAnyone()
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @AllowAnyone()
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const faults = await this.health.faults();
    const ready = Object.keys(faults).length === 0;
    void reply.code(ready ? 200 : 503);
    return ready ? { status: 'ok' } : { status: 'not-ready', faults };
  }
}
