import { cloudEventOf, codec, EVENT_CATALOGUE } from '@sparekey/contracts';
import { countBehind, LogDamaged, StoreUnavailable, type StoredEvent } from '@sparekey/event-sourcing';
import { KafkaProbe, LogRelay, type Said } from '@sparekey/kafka';
import { createLogger } from '@sparekey/platform';
import { readLog } from './configuration.ts';
import { countRejections, outliveRejections } from '../lifecycle.ts';
import { serveHealth } from './health-server.ts';
import { connectLog } from './systems.ts';

/** The relay from its environment to its end: what stands in the log is said on Kafka. @throws ConfigurationFault */
export async function runRelay(): Promise<void> {
  const configuration = readLog(process.env);
  const logger = createLogger(configuration.logLevel, { service: 'relay' });
  outliveRejections(logger);
  const { store, kafka, topics } = connectLog('relay', configuration, logger);
  const dead = Promise.withResolvers<never>();
  const relay = new LogRelay({
    kafka,
    topics,
    store,
    say,
    contexts: Object.keys(EVENT_CATALOGUE),
    onTrouble: (cause) => logger.error({ cause }, 'what stands in the log has to wait'),
    onDead: dead.reject,
  });
  const probe = new KafkaProbe(kafka);
  /** Who stands by has published nothing, and is not behind with it; while the log does not tell there is no figure. */
  const behind = async (): Promise<Record<string, number>> => {
    try {
      const count = relay.isPublishing ? await countBehind(store, relay.position) : 0;
      return { sparekey_relay_behind_events: count };
    } catch (error) {
      if (!(error instanceof StoreUnavailable || error instanceof LogDamaged)) throw error;
      return {}; // `ready` says why
    }
  };
  const server = await serveHealth(configuration, {
    checks: {
      'event-store': () => store.ping(),
      kafka: () => probe.check(),
      position: async () => {
        if (relay.lost !== undefined) throw new Error(relay.lost);
      },
    },
    figures: async () => ({
      sparekey_unhandled_rejections: countRejections(),
      sparekey_relay_publishing: relay.isPublishing ? 1 : 0,
      ...(await behind()),
    }),
  });
  relay.start();
  logger.info('ready');
  const stop = async () => {
    await server.close();
    await relay.stop();
    await probe.close();
    await store.close();
    logger.info('stopped');
    logger.flush(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop().catch(dead.reject));
  await dead.promise;
}

function say(event: StoredEvent): Said | undefined {
  const said = cloudEventOf(codec.decode(event));
  if (!said) return undefined;
  const { context, data, isPublic, ...attributes } = said;
  return { context, attributes, data, isPublic };
}
