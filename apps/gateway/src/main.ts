import { failLoudly, outliveRejections } from '@sparekey/hosting';
import { createGateway } from './gateway.ts';
import { readGateway } from './configuration.ts';

async function start(): Promise<void> {
  const configuration = readGateway(process.env);
  const gateway = createGateway(configuration);
  outliveRejections(gateway.log);
  await gateway.listen({ port: configuration.port, host: configuration.host });
  gateway.log.info({ publicUrl: configuration.publicUrl }, 'ready');
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void gateway.close().then(() => process.exit(0), failLoudly()));
}

start().catch(failLoudly());
