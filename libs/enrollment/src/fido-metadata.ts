import { FACTORS, type FactorKind, type Models } from '@sparekey/factors';
import { ConfigurationFault } from '@sparekey/platform';
import { verify, X509Certificate } from 'node:crypto';

/** Whom the file is from (FIDO Metadata Service 3.1, §3.1.7): the certificate that signs it is of this host. */
const SIGNER = 'mds.fidoalliance.org';
/** What is published of a model that is no longer to be believed. */
const COMPROMISED = [
  'REVOKED',
  'USER_VERIFICATION_BYPASS',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
];
const HASHES = { RS256: 'sha256', ES256: 'sha256', RS512: 'sha512', ES512: 'sha512' } as const;

interface Header {
  readonly alg: keyof typeof HASHES;
  /** DER, base64: the signer first. */
  readonly x5c: readonly string[];
}

interface Payload {
  /** `YYYY-MM-DD` */
  readonly nextUpdate: string;
  readonly entries: readonly {
    readonly aaguid?: string;
    readonly metadataStatement?: { readonly attestationRootCertificates?: readonly string[] };
    readonly statusReports?: readonly { readonly status: string }[];
  }[];
}

interface Model {
  /** DER, base64. */
  readonly roots: readonly string[];
  readonly isCompromised: boolean;
}

export interface FidoMetadata extends Models {
  /** When a newer file is due (Unix milliseconds). */
  readonly nextUpdate: number;
}

/** Not the file that the FIDO Alliance publishes, or not whole. */
export class FidoMetadataFault extends Error {
  override readonly name = 'FidoMetadataFault';
}

/**
 * Reads the file that the FIDO Alliance publishes of authenticators (a signed JWT, https://mds3.fidoalliance.org), as it lies on disk:
 * nothing is fetched, revocation lists neither.
 *
 * @param roots PEM of the authorities under which it is signed @param now Unix milliseconds
 * @throws FidoMetadataFault
 */
export function readFidoMetadata(text: string, roots: readonly string[], now: number): FidoMetadata {
  const [header = '', payload = '', signature = ''] = text.trim().split('.');
  const { alg, x5c } = decode<Header>(header);
  if (!Array.isArray(x5c)) throw new FidoMetadataFault('it is no signed JWT');
  const chain = x5c.map(certificate);
  const [signer] = chain;
  const anchors = roots.map((pem) => new X509Certificate(pem));
  if (!signer || !endsAt(chain, anchors, now))
    throw new FidoMetadataFault(
      'it is not signed under an authority that the FIDO Alliance uses, or its time is over',
    );
  if (signer.checkHost(SIGNER) === undefined) throw new FidoMetadataFault(`it is not signed by ${SIGNER}`);
  const key = { key: signer.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!Object.hasOwn(HASHES, alg) || !verify(HASHES[alg], signed, key, Buffer.from(signature, 'base64url')))
    throw new FidoMetadataFault('its signature is not right');
  const { entries, nextUpdate } = decode<Payload>(payload);
  const models = new Map(entries.flatMap((entry) => (entry.aaguid ? [[entry.aaguid, modelOf(entry)]] : [])));
  return {
    nextUpdate: Date.parse(nextUpdate),
    isKnown: (aaguid) => models.has(aaguid),
    isCompromised: (aaguid) => models.get(aaguid)?.isCompromised ?? false,
    vouchesFor: (aaguid, certificates, at) => vouches(models.get(aaguid), certificates, at),
  };
}

const modelOf = ({ metadataStatement, statusReports = [] }: Payload['entries'][number]): Model => ({
  roots: metadataStatement?.attestationRootCertificates ?? [],
  isCompromised: statusReports.some(({ status }) => COMPROMISED.includes(status)),
});

/** The maker's certificates end at one that is published of the model, or are that one. */
function vouches(model: Model | undefined, certificates: readonly Uint8Array[], at: number): boolean {
  if (!model) return false;
  try {
    const chain = certificates.map((der) => new X509Certificate(der));
    return endsAt(chain, model.roots.map(certificate), at);
  } catch {
    return false; // a certificate that cannot be read vouches for nothing
  }
}

const certificate = (base64: string): X509Certificate => new X509Certificate(Buffer.from(base64, 'base64'));

const isInTime = ({ validFromDate, validToDate }: X509Certificate, at: number): boolean =>
  validFromDate.getTime() <= at && at <= validToDate.getTime();

const isBy = (one: X509Certificate, issuer: X509Certificate): boolean =>
  one.checkIssued(issuer) && one.verify(issuer.publicKey);

/** Each is signed by the next, all are in their time, and the last is an anchor or signed by one. */
function endsAt(chain: readonly X509Certificate[], anchors: readonly X509Certificate[], at: number): boolean {
  const last = chain.at(-1);
  if (!last || !chain.every((one) => isInTime(one, at))) return false;
  if (!chain.slice(1).every((issuer, n) => issuer.ca && isBy(chain[n]!, issuer))) return false;
  return anchors.some(
    (anchor) =>
      isInTime(anchor, at) &&
      (anchor.fingerprint256 === last.fingerprint256 || (anchor.ca && isBy(last, anchor))),
  );
}

function decode<T>(part: string): T {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as T;
  } catch {
    throw new FidoMetadataFault('it is no signed JWT');
  }
}

/** Under the authorities that the kind of factor knows. @throws ConfigurationFault */
export async function loadFidoMetadata(text: string, now: number): Promise<FidoMetadata> {
  const kind: FactorKind = await FACTORS.webauthn.load();
  try {
    return readFidoMetadata(text, kind.modelAuthorities!(), now);
  } catch (error) {
    if (!(error instanceof FidoMetadataFault)) throw error;
    throw new ConfigurationFault([`SPAREKEY_FIDO_METADATA_FILE: ${error.message}`]);
  }
}
