import { closest } from 'fastest-levenshtein';

/** Every variable of ours; secrets may also be given as `…_FILE`. */
const VARIABLES = [
  'SPAREKEY_PUBLIC_URL',
  'SPAREKEY_INTERNAL_URL',
  'SPAREKEY_DATA_DIR',
  'SPAREKEY_DEMO',
  'SPAREKEY_OPERATOR_TOKEN',
  'SPAREKEY_OPERATOR_TOKEN_DIGEST',
  'SPAREKEY_METRICS_TOKEN',
  'SPAREKEY_MASTER_KEYS',
  'SPAREKEY_PEPPERS',
  'SPAREKEY_TRUSTED_PROXIES',
  'SPAREKEY_FORWARDED_HEADER',
  'SPAREKEY_PROVIDER_NETWORKS',
  'SPAREKEY_SMTP_URL',
  'SPAREKEY_FIDO_METADATA_FILE',
  'SPAREKEY_SMTP_CA_FILE',
  'SPAREKEY_MAIL_FROM',
  'SPAREKEY_MAIL_SMTPUTF8',
  'SPAREKEY_SMS_URL',
  'SPAREKEY_ALLOW_PLAINTEXT',
  'SPAREKEY_NAMESPACE',
] as const;
/** Of tools and tests beside it. */
const BESIDE = /^SPAREKEY_(TEST_.+|.+_IMAGE|CACHE|URL|TOKEN|WAIT|SCRIPT)$/;

/** Variables that look like Sparekey's and are none, each with the one that may be meant. */
export function misspeltOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known: readonly string[] = VARIABLES.flatMap((name) => [name, `${name}_FILE`]);
  const strangers = Object.keys(environment).filter(
    (name) => /^SPARE_?KEYS?_/i.test(name) && !known.includes(name) && !BESIDE.test(name),
  );
  return strangers.map((name) => {
    const meant = closest(name.toUpperCase(), known);
    return `${name} is no variable of Sparekey: is ${meant} meant?`;
  });
}
