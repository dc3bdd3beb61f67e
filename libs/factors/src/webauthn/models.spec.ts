import { SettingsService } from '@simplewebauthn/server';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Models } from '../factor-kind.ts';
import type { Certificate, Wishes } from '../testing/authenticator.ts';
import { cbor, type Cbor } from '../testing/cbor.ts';
import { begin, confirm, enrolled, make, MODEL, OTHER_MODEL, SETTINGS } from '../testing/enrolling.ts';
import { isTakenFormat } from './attestation.ts';
import type { WebauthnSettings } from './settings.ts';

const REJECTED = { outcome: 'rejected' };

describe('a policy on models', () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'attestation-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  const allowing = { ...SETTINGS, allowedAuthenticators: [MODEL] };
  const denying = { ...SETTINGS, deniedAuthenticators: [OTHER_MODEL] };

  test.each([
    ['none', 'accepted', 'rejected', 'rejected'],
    ['self', 'accepted', 'rejected', 'accepted'],
    ['chain', 'accepted', 'accepted', 'accepted'],
  ] as const)('takes attestation %s as it should', async (attestation, free, allowed, notDenied) => {
    const wishes = { attestation: attestation === 'chain' ? certificate(directory, MODEL) : attestation };
    const outcomes = [SETTINGS, allowing, denying].map(async (settings) => {
      const key = make({ aaguid: MODEL });
      return (await enrolled(key, { settings, wishes })).outcome;
    });
    expect(await Promise.all(outcomes)).toEqual([free, allowed, notDenied]);
  });

  test.each(['none', 'self', 'chain'] as const)('never takes a denied model, attested by %s', async (how) => {
    const wishes = { attestation: how === 'chain' ? certificate(directory, OTHER_MODEL) : how };
    expect(await enrolled(make({ aaguid: OTHER_MODEL }), { settings: denying, wishes })).toEqual(REJECTED);
  });

  test('refuses a certificate of another model, of another key, or past its time', async () => {
    const settings = allowing;
    const other = { attestation: certificate(directory, OTHER_MODEL) };
    expect(await enrolled(make({ aaguid: MODEL }), { settings, wishes: other })).toEqual(REJECTED);
    const [own, foreign] = [certificate(directory, MODEL), certificate(directory, MODEL)];
    const mixed = { attestation: { chain: own.chain, key: foreign.key } };
    expect(await enrolled(make({ aaguid: MODEL }), { settings, wishes: mixed })).toEqual(REJECTED);
    const over = { attestation: certificate(directory, MODEL, '-1') };
    expect(await enrolled(make({ aaguid: MODEL }), { settings, wishes: over })).toEqual(REJECTED);
  });

  test('believes what is published of models before what a key says', async () => {
    const models = (compromised: string[], vouches: boolean) => ({
      isKnown: (aaguid: string) => aaguid === MODEL,
      isCompromised: (aaguid: string) => compromised.includes(aaguid),
      vouchesFor: (aaguid: string, certificates: readonly Uint8Array[]) =>
        vouches && aaguid === MODEL && certificates.length === 1,
    });
    const attestation = certificate(directory, MODEL);
    const outcomeOf = async (settings: WebauthnSettings, of: Models, wishes: Wishes) => {
      const { options, expected } = await begin(settings);
      const credential = make({ aaguid: MODEL }).create(options, wishes);
      return (await confirm(credential, expected, settings, of)).outcome;
    };
    expect(await outcomeOf(allowing, models([], true), { attestation })).toBe('accepted');
    expect(await outcomeOf(allowing, models([], false), { attestation })).toBe('rejected');
    expect(await outcomeOf(SETTINGS, models([], false), { attestation })).toBe('rejected');
    expect(await outcomeOf(SETTINGS, models([], false), {})).toBe('accepted');
    expect(await outcomeOf(SETTINGS, models([MODEL], true), {})).toBe('rejected');
    expect(await outcomeOf(allowing, models([MODEL], true), { attestation })).toBe('rejected');
  });

  test('fetches no revocation list, whatever a certificate says: no format ends a chain in the library', async () => {
    const fetched: unknown[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (address) => Promise.reject(new Error(String(fetched.push(address))));
    const attestation = certificate(
      directory,
      MODEL,
      '30',
      'crlDistributionPoints=URI:http://127.0.0.1:9/list',
    );
    const key = make({ aaguid: MODEL });
    expect(await enrolled(key, { wishes: { attestation } })).toMatchObject({ outcome: 'accepted' });
    globalThis.fetch = fetch;
    expect(fetched).toEqual([]);
    for (const identifier of ['packed', 'fido-u2f', 'tpm', 'apple'] as const)
      expect([identifier, SettingsService.getRootCertificates({ identifier })]).toEqual([identifier, []]);
    for (const format of ['android-key', 'android-safetynet']) {
      const object = cbor(new Map<Cbor, Cbor>([['fmt', format], ['attStmt', new Map()], ['authData', new Uint8Array(37)]])); // prettier-ignore
      expect(isTakenFormat(Buffer.from(object).toString('base64url'))).toBe(false);
    }
  });

  test('asks for the model only where it names one', async () => {
    expect((await begin()).options).toMatchObject({ attestation: 'none' });
    expect((await begin(allowing)).options).toMatchObject({ attestation: 'direct' });
    expect((await begin(denying)).options).toMatchObject({ attestation: 'direct' });
  });
});

/** A maker's certificate for a model (§8.2.1), under a root of its own. */
function certificate(directory: string, aaguid: string, days = '30', more = ''): Certificate {
  const name = join(directory, randomBytes(4).toString('hex'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const extensions = `${name}.ext`;
  writeFileSync(
    extensions,
    `basicConstraints=critical,CA:FALSE\n1.3.6.1.4.1.45724.1.1.4=DER:0410${aaguid.replaceAll('-', '')}\n${more}\n`,
  );
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', `${name}.ca.key`, '-out', `${name}.ca.pem`, '-subj', '/CN=Maker', '-days', '30'); // prettier-ignore
  openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/C=SE/O=Maker/OU=Authenticator Attestation/CN=Maker EE'); // prettier-ignore
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${name}.ca.pem`, '-CAkey', `${name}.ca.key`, '-CAcreateserial', '-days', days, '-extfile', extensions, '-outform', 'DER', '-out', `${name}.der`); // prettier-ignore
  return {
    chain: [new Uint8Array(readFileSync(`${name}.der`))],
    key: createPrivateKey(readFileSync(`${name}.key`)),
  };
}
