import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Calls `deploy/local/kafka.sh` or `postgres.sh`.
 *
 * @returns the lines `NAME=value` that it prints
 * @throws with what it says where it fails
 */
export async function localServer(
  script: string,
  action: 'start' | 'stop',
  directory: string,
  port: number,
): Promise<Record<string, string>> {
  const child = spawn(script, [action, directory, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  // not 'close': the server that was started may keep the pipes
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${script} ${action} failed: ${errors.trim()}`);
  const lines = output.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
