import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FidoMetadataFault, loadFidoMetadata, readFidoMetadata } from './fido-metadata.ts';

const MODEL = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const STOLEN = '6d44ba9b-f6ec-2e49-b930-0c8fe920cb73';

const directory = mkdtempSync(join(tmpdir(), 'metadata-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Authority {
  readonly name: string;
  readonly pem: string;
}

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const at = (name: string) => join(directory, name);
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function authority(name: string): Authority {
  openssl('req', '-x509', ...CURVE, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), '-subj', `/CN=${name}`, '-days', '30'); // prettier-ignore
  return { name, pem: readFileSync(at(`${name}.pem`), 'utf8') };
}

/** A certificate for this host, under an authority. @returns its key and its DER in base64 */
function signer(host: string, under: Authority, extension = 'basicConstraints=CA:FALSE') {
  const name = at(`${host}-${under.name}`);
  writeFileSync(`${name}.ext`, `subjectAltName=DNS:${host}\n${extension}\n`);
  openssl('req', ...CURVE, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', at(`${under.name}.pem`), '-CAkey', at(`${under.name}.key`), '-CAcreateserial', '-days', '20', '-extfile', `${name}.ext`, '-out', `${name}.pem`); // prettier-ignore
  const { raw } = new X509Certificate(readFileSync(`${name}.pem`));
  return { key: createPrivateKey(readFileSync(`${name}.key`)), x5c: [raw.toString('base64')] };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function blob({ key, x5c }: ReturnType<typeof signer>, payload: object, header: object = {}): string {
  const text = `${encode({ alg: 'ES256', x5c, ...header })}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

const root = authority('metadata-root');
const maker = authority('maker');
const published = {
  no: 1,
  nextUpdate: '2030-01-31',
  entries: [
    {
      aaguid: MODEL,
      metadataStatement: {
        attestationRootCertificates: [new X509Certificate(maker.pem).raw.toString('base64')],
      },
      statusReports: [{ status: 'FIDO_CERTIFIED_L1' }],
    },
    {
      aaguid: STOLEN,
      statusReports: [{ status: 'FIDO_CERTIFIED' }, { status: 'ATTESTATION_KEY_COMPROMISE' }],
    },
    { attestationCertificateKeyIdentifiers: ['00'] }, // of U2F, which has no AAGUID
  ],
};
const alliance = signer('mds.fidoalliance.org', root);
const read = (text: string, now = Date.now()) => readFidoMetadata(text, [root.pem], now);

test('says which models are known, compromised, and whose certificates are their maker’s', () => {
  const metadata = read(`${blob(alliance, published)}\n`);
  expect(metadata.nextUpdate).toBe(Date.UTC(2030, 0, 31));
  expect([MODEL, STOLEN, 'none'].map((model) => metadata.isKnown(model))).toEqual([true, true, false]);
  expect([MODEL, STOLEN, 'none'].map((model) => metadata.isCompromised(model))).toEqual([false, true, false]);
  const [own] = signer('key', maker).x5c;
  const [foreign] = signer('key', root).x5c;
  const der = (text: string) => Buffer.from(text, 'base64');
  const vouches = (model: string, chain: Buffer[], now = Date.now()) =>
    metadata.vouchesFor(model, chain, now);
  expect(vouches(MODEL, [der(own!)])).toBe(true);
  expect(vouches(MODEL, [der(own!), new X509Certificate(maker.pem).raw])).toBe(true);
  expect(vouches(MODEL, [der(foreign!)])).toBe(false);
  expect(vouches(MODEL, [der(foreign!), der(own!)])).toBe(false); // which did not sign it
  expect(vouches(STOLEN, [der(own!)])).toBe(false);
  expect(vouches('none', [der(own!)])).toBe(false);
  expect(vouches(MODEL, [])).toBe(false);
  expect(vouches(MODEL, [Buffer.from('no certificate')])).toBe(false);
  expect(vouches(MODEL, [der(own!)], Date.now() + 40 * 86_400_000)).toBe(false);
  // what may sign nothing signs nobody: a key's own certificate makes no further one
  const leaf: Authority = { name: `key-${maker.name}`, pem: '' };
  const [forged] = signer('forged', leaf).x5c;
  expect(vouches(MODEL, [der(forged!), der(own!)])).toBe(false);
});

const whole = blob(alliance, published);
const [header, payload, signature] = whole.split('.');
test.each([
  [
    'another payload',
    `${header}.${encode({ ...published, entries: [] })}.${signature}`,
    'signature is not right',
  ],
  ['no signature', `${header}.${payload}.`, 'signature is not right'],
  ['an algorithm of no signature', blob(alliance, published, { alg: 'none' }), 'signature is not right'],
  ['another authority', blob(signer('mds.fidoalliance.org', maker), published), 'not signed under'],
  ['another host under the same authority', blob(signer('evil.example', root), published), 'not signed by'],
  ['nobody', blob({ ...alliance, x5c: [] }, published), 'not signed under'],
  ['what is no JWT', 'metadata', 'no signed JWT'],
  ['what is empty', '', 'no signed JWT'],
  ['a header that says nothing', `${encode({})}.${payload}.${signature}`, 'no signed JWT'],
])('is refused from %s', (_, text, why) => {
  expect(() => read(text)).toThrow(FidoMetadataFault);
  expect(() => read(text)).toThrow(why);
});

test('is refused past its signer’s time', () => {
  expect(() => read(whole, Date.now() + 25 * 86_400_000)).toThrow('its time is over');
});

test('is read at start under the authorities that sign it, and a start with another file names the variable', async () => {
  await expect(loadFidoMetadata(whole, Date.now())).rejects.toThrow(
    'SPAREKEY_FIDO_METADATA_FILE: it is not signed under',
  );
});
