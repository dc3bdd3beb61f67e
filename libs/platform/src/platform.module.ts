import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import { CallerResolver, operatorDigest } from './callers/caller-resolver.ts';
import { CallerGuard } from './callers/caller.guard.ts';
import { ProviderKeys } from './callers/provider-keys.ts';
import { ProviderTokens } from './callers/provider-tokens.ts';
import { SessionTokens } from './callers/session-tokens.ts';
import { isLoopback, type Configuration } from './configuration.ts';
import { DomainReader } from './domain-reader.ts';
import { Health, HealthController } from './health.ts';
import { BodyPipe } from './http/body.pipe.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { CONFIGURATION, LOGGER } from './injection.ts';
import type { EventTransport } from './listening/event-transport.ts';
import { ParkedController } from './listening/parked.controller.ts';
import { EVENT_TRANSPORT } from './injection.ts';
import { Metrics } from './metrics.ts';
import { createGuardedFetch, OUTBOUND } from './outbound/guarded-fetch.ts';
import { PORTS, type Ports } from './ports.ts';
import { ProjectionsController } from './projections/projections.controller.ts';
import { Followers } from './followers.ts';

export interface Service {
  readonly configuration: Configuration;
  readonly ports: Ports;
  readonly logger: Logger;
  /** The rooms that this process serves. */
  readonly rooms: readonly (Type | DynamicModule)[];
  /** Brings them what others said. */
  readonly transport: EventTransport;
}

/** What every service has beside its rooms: who is calling, validation, problems, health, metrics. */
@Module({})
export class PlatformModule {
  static serving({ configuration, ports, logger, rooms, transport }: Service): DynamicModule {
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
      { provide: Health, useValue: new Health() },
      { provide: Metrics, useValue: metrics },
      { provide: EVENT_TRANSPORT, useValue: transport },
      { provide: Followers, useValue: new Followers(ports, transport, metrics) },
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [...rooms],
      controllers: [HealthController, ParkedController, ProjectionsController],
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
