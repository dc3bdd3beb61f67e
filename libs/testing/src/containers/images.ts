import { getContainerRuntimeClient, ImageName } from 'testcontainers';

const PUBLISHED = {
  services: 'sparekey/services:latest',
  eventStore: 'eventstore/eventstore:24.10',
  kafka: 'confluentinc/cp-kafka:8.1.0', // Testcontainers' module starts Confluent's images of Kafka
  postgres: 'postgres:17-bookworm',
  mail: 'axllent/mailpit:v1.27',
};

/** What a run in containers is made of. */
export interface ContainerImages {
  readonly services: string;
  readonly eventStore: string;
  /** The event store is the stand-in, and no EventStoreDB. */
  readonly isStandIn: boolean;
  readonly kafka: string;
  readonly postgres: string;
  readonly mail: string;
}

/** The published images, or those that the environment names. */
export function readImages(environment: NodeJS.ProcessEnv): ContainerImages {
  const server = environment.SPAREKEY_TEST_EVENTSTORE_IMAGE;
  const standIn = environment.SPAREKEY_TEST_STAND_IN_IMAGE;
  return {
    services: environment.SPAREKEY_TEST_SERVICE_IMAGE || PUBLISHED.services,
    eventStore: server || standIn || PUBLISHED.eventStore,
    isStandIn: !server && !!standIn,
    kafka: environment.SPAREKEY_TEST_KAFKA_IMAGE || PUBLISHED.kafka,
    postgres: environment.SPAREKEY_TEST_POSTGRES_IMAGE || PUBLISHED.postgres,
    mail: environment.SPAREKEY_TEST_MAIL_IMAGE || PUBLISHED.mail,
  };
}

/** Pulls what the engine does not have. @throws saying which image cannot be had, and what to do then */
export async function requireImages(names: readonly string[]): Promise<void> {
  const { image } = await getContainerRuntimeClient();
  for (const name of names) {
    await image.pull(ImageName.fromString(name)).catch((error: Error) => {
      const instead =
        'name another (SPAREKEY_TEST_…_IMAGE), make them (deploy/docker/images.sh), or name servers (KAFKA_BROKERS, DATABASE_URL)';
      throw new Error(`the image ${name} cannot be had: ${error.message.trim()}; ${instead}`);
    });
  }
}
