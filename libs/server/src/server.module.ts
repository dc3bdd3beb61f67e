import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import {
  CallerResolver,
  operatorDigest,
  CallerGuard,
  ProviderKeys,
  OperatorSessions,
  ProviderTokens,
  SessionTokens,
} from '@sparekey/access-control';
import {
  isLoopback,
  type Configuration,
  DomainReader,
  Health,
  BodyPipe,
  CONFIGURATION,
  LOGGER,
  type EventTransport,
  EVENT_TRANSPORT,
  Metrics,
  createGuardedFetch,
  OUTBOUND,
  PORTS,
  type Ports,
  type Pages,
} from '@sparekey/platform';
import { HealthController } from './health.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { OperatorSessionsController } from './operator-sessions.controller.ts';
import { ParkedController } from './parked.controller.ts';
import { ReadModelsController } from './read-models.controller.ts';
import { StoreRightsController } from './store-rights.controller.ts';
import { LagReporter } from './lag-reporter.ts';

export interface Service {
  readonly configuration: Configuration;
  readonly ports: Ports;
  readonly logger: Logger;
  /** The rooms that this process serves. */
  readonly rooms: readonly (Type | DynamicModule)[];
  /** Where pages are served, too. */
  readonly pages?: Pages;
  /** Brings them what others said. */
  readonly transport: EventTransport;
  /** The read models that this process keeps, where others keep some; default all. */
  readonly projections?: readonly string[] | undefined;
}

/** What every service has beside its rooms: who is calling, validation, problems, health, metrics. */
@Module({})
export class ServerModule {
  static serving({ configuration, ports, logger, rooms, transport, projections }: Service): DynamicModule {
    const domains = new DomainReader(ports.store);
    const { publicUrl, providerNetworks } = configuration;
    const outbound = createGuardedFetch({
      allowLoopback: isLoopback(new URL(publicUrl).hostname),
      allowNetworks: providerNetworks,
    });
    const sessions = new SessionTokens(ports, publicUrl);
    const keys = new ProviderKeys(outbound.fetch);
    const providers = new ProviderTokens(ports, domains, keys, logger);
    const callers = new CallerResolver(ports, domains, sessions, providers, operatorDigest(configuration));
    const operatorSessions = new OperatorSessions(ports, publicUrl, operatorDigest(configuration));
    const metrics = new Metrics();
    const provided = [
      { provide: CONFIGURATION, useValue: configuration },
      { provide: PORTS, useValue: ports },
      { provide: LOGGER, useValue: logger },
      { provide: DomainReader, useValue: domains },
      { provide: OUTBOUND, useValue: outbound },
      { provide: ProviderKeys, useValue: keys },
      { provide: SessionTokens, useValue: sessions },
      { provide: CallerResolver, useValue: callers },
      { provide: OperatorSessions, useValue: operatorSessions },
      { provide: Health, useValue: new Health() },
      { provide: Metrics, useValue: metrics },
      { provide: EVENT_TRANSPORT, useValue: transport },
      { provide: LagReporter, useValue: new LagReporter(ports, transport, metrics, projections) },
    ];
    return {
      module: ServerModule,
      global: true,
      imports: [...rooms],
      controllers: [
        HealthController,
        OperatorSessionsController,
        ParkedController,
        ReadModelsController,
        StoreRightsController,
      ],
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
