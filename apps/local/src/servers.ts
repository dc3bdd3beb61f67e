import { chmodSync } from 'node:fs';
import { STAND_IN_MAIN } from '@sparekey/eventstoredb-stand-in';
import type { SecretFiles } from '@sparekey/hosting';
import { freePort, localServer, Supervised } from '@sparekey/hosting/fleet';

export interface Servers {
  /** How they are reached: variables of a service's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends those that were started here. */
  stop(): Promise<void>;
}

/** Starts those of the three systems that the environment does not name, with their data in the data directory. */
export async function startServers(
  root: string,
  directory: SecretFiles,
  given: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
): Promise<Servers> {
  const environment: Record<string, string> = {};
  const stopping: (() => Promise<unknown>)[] = [];
  const isGiven = (name: string) => given[name] !== undefined || given[`${name}_FILE`] !== undefined;
  const start = async (name: 'kafka' | 'postgres') => {
    const [script, data] = [`${root}/deploy/local/${name}.sh`, `${directory.path}/${name}`];
    const port = keptPort(directory, name, await freePort());
    Object.assign(environment, await localServer(script, 'start', data, port));
    stopping.push(() => localServer(script, 'stop', data, port));
  };
  if (!isGiven('EVENTSTORE_URL')) {
    const standIn = await startStandIn(`${directory.path}/eventstoredb`, say);
    environment.EVENTSTORE_URL = standIn.url;
    stopping.push(standIn.stop);
  }
  if (!isGiven('DATABASE_URL')) {
    // the server runs under an account of its own, which has to get through to its folder and to nothing else
    if (process.getuid?.() === 0) chmodSync(directory.path, 0o711);
    await start('postgres');
  }
  if (!isGiven('KAFKA_BROKERS')) await start('kafka');
  return {
    environment,
    stop: async () => {
      for (const stop of stopping.toReversed()) await stop();
    },
  };
}

/** Chosen once: a server that outlived a killed launcher is found again where it was. */
const keptPort = (directory: SecretFiles, name: string, free: number): number =>
  Number(directory.secretFile(`${name}-port`, () => String(free)).text);

async function startStandIn(directory: string, say: (text: string) => void) {
  const url = Promise.withResolvers<string>();
  const port = await freePort();
  const process = new Supervised({
    main: STAND_IN_MAIN,
    arguments: ['--directory', directory, '--port', String(port)],
    environment: {},
    restarts: true,
    onOutput: (text) => {
      say(text.trim());
      const found = /esdb:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) url.resolve(found);
    },
  });
  process.start();
  return { url: await url.promise, stop: () => process.end() };
}
