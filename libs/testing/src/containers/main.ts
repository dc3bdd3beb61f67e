import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readImages } from './images.ts';
import { ContainerServers, type ServerName } from './servers.ts';

// Runs a command while servers stand in containers, and tells it where: `main.js kafka,postgres npm test`.
const [names = '', command = '', ...args] = process.argv.slice(2);
const servers = await ContainerServers.start(readImages(process.env), names.split(',') as ServerName[]);
try {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...servers.environment } });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal)); // it ends, then we do
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await servers.stop();
}
