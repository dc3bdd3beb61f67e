import type { FactorKind } from '@sparekey/factors';

interface Credential {
  readonly id: string;
  readonly challenge: string;
  readonly key: string;
  readonly counter?: number;
}
const BYTES = 16;
const credentialOf = ({ credential }: Readonly<Record<string, unknown>>) => credential as Credential;
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export const ceremonyKind = {
  secretBytes: BYTES,
  enrol({ randomBytes }) {
    const challenge = textOf(randomBytes);
    return { expected: challenge, parameters: {}, shown: { creationOptions: { challenge } } };
  },
  confirm({ answer, expected }) {
    const { id, challenge, key } = credentialOf(answer);
    if (challenge !== expected) return { outcome: 'rejected' };
    return { outcome: 'accepted', consumes: { through: 0 }, secret: key, parameters: { id }, claim: id };
  },
  preparation: {
    randomBytes: BYTES,
    prepare({ held, randomBytes }) {
      const challenge = textOf(randomBytes);
      return { shown: { challenge, allow: held.map(({ parameters: { id } }) => id) }, expected: challenge };
    },
  },
  identify: (answer, { id }) => credentialOf(answer).id === id,
  check({ secret, answer, expected }) {
    const { challenge, key, counter = 0 } = credentialOf(answer);
    if (expected === undefined || challenge !== expected || key !== secret) return { outcome: 'rejected' };
    return { outcome: 'accepted', consumes: { through: counter } };
  },
} satisfies FactorKind;
