import { parseArgs } from 'node:util';
import { listenForOrders } from './control.ts';
import { EventStoreDbStandIn } from './eventstoredb-stand-in.ts';

const USAGE =
  'main.js --directory <folder> [--port <port>, default 2113] [--host <address>, default 127.0.0.1] [--control-port <port>] [--stats-every <appends>, default 200]';

/** The stand-in as a process of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string' },
      port: { type: 'string', default: '2113' },
      host: { type: 'string', default: '127.0.0.1' },
      'control-port': { type: 'string' },
      'stats-every': { type: 'string', default: '200' },
    },
  });
  const { directory, port, host, 'control-port': controlPort, 'stats-every': statsEvery } = values;
  if (directory === undefined) throw new Error(USAGE);
  const standIn = await EventStoreDbStandIn.start({
    directory,
    port: Number(port),
    host,
    statsEvery: Number(statsEvery),
  });
  const control = controlPort === undefined ? undefined : await listenForOrders(Number(controlPort), standIn);
  const stop = () => {
    control?.close();
    control?.closeAllConnections();
    void standIn.stop();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(`the stand-in for EventStoreDB listens on ${standIn.url} (this is no EventStoreDB)`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
