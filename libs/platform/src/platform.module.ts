import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import { CallerResolver } from './callers/caller-resolver.ts';
import { CallerGuard } from './callers/caller.guard.ts';
import type { Configuration } from './configuration.ts';
import { DomainReader } from './domain-reader.ts';
import { Health, HealthController } from './health.ts';
import { BodyPipe } from './http/body.pipe.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { Metrics } from './metrics.ts';
import { PORTS, type Ports } from './ports.ts';

/** Injection tokens of what has no class of its own. */
export const CONFIGURATION = Symbol('Configuration');
export const LOGGER = Symbol('Logger');

export interface Service {
  readonly configuration: Configuration;
  readonly ports: Ports;
  readonly logger: Logger;
  /** The rooms that this process serves. */
  readonly rooms: readonly Type[];
}

/** What every service has beside its rooms: who is calling, validation, problems, health, metrics. */
@Module({})
export class PlatformModule {
  static serving({ configuration, ports, logger, rooms }: Service): DynamicModule {
    const domains = new DomainReader(ports.store);
    const provided = [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: PORTS, useValue: ports },
      { provide: LOGGER, useValue: logger },
      { provide: DomainReader, useValue: domains },
      { provide: CallerResolver, useValue: new CallerResolver(ports, domains, configuration.operatorToken) },
      { provide: Health, useValue: new Health() },
      { provide: Metrics, useValue: new Metrics() },
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [...rooms],
      controllers: [HealthController],
      providers: [
        ...provided,
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_PIPE, useClass: BodyPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      ],
      exports: provided.map(({ provide }) => provide),
    };
  }
}
