import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@sparekey/hosting';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8');

interface Deployed {
  readonly environment: Record<string, string>;
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
}
const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Deployed>;
};

/** The rows of the table: what is said of each service. */
const said = [...read('docs/security/services.md').matchAll(/^\| `([a-z]+)` *\|(.*)\|$/gm)].map(
  ([, name, cells]) => [name!, cells!.split('|').map((cell) => cell.trim())] as const,
);

const KEYLESS = ['gateway', 'relay'];

async function opensOf(name: string): Promise<readonly string[]> {
  if (KEYLESS.includes(name)) return [];
  const { service } = (await import(`${ROOT}/apps/${name}/src/service.ts`)) as {
    service: { opens: readonly string[] };
  };
  return service.opens;
}

test('names every service that runs Sparekey, and no other', () => {
  expect(said.map(([name]) => name).sort()).toEqual([...SERVICES, ...KEYLESS].sort());
  for (const [name] of said) expect(services).toHaveProperty(name);
});

test.each(said)('%s holds just what is said', async (name, [keys, pepper, databases, operator, from]) => {
  const opens = await opensOf(name);
  const { environment, volumes = [], networks } = services[name]!;
  const secrets = volumes.some((volume) => volume.includes('-secrets:/run/secrets'));
  expect(keys).toBe(opens.filter((one) => one !== 'pepper').join(', ') || 'none');
  expect(pepper).toBe(opens.includes('pepper') ? 'yes' : 'no');
  expect('SPAREKEY_PEPPERS_FILE' in environment).toBe(opens.includes('pepper'));
  expect(databases).toBe('DATABASE_URL_FILE' in environment && secrets ? 'own' : 'none');
  const variables = Object.keys(environment).filter((variable) =>
    variable.startsWith('SPAREKEY_OPERATOR_TOKEN'),
  );
  expect(variables).toEqual(secrets ? ['SPAREKEY_OPERATOR_TOKEN_DIGEST_FILE'] : []);
  expect(operator).toBe(secrets ? 'digest' : 'no');
  const reached =
    'ports' in services[name]! ? 'everybody' : networks.includes('front') ? 'gateway' : 'nobody';
  expect(from).toBe(reached);
});
