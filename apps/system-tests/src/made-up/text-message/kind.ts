import type { CheckInput, Checked, FactorKind } from '@sparekey/factors';

const SECONDS = 300;
const BYTES = 8;

const codeOf = (bytes: Uint8Array) =>
  String(Buffer.from(bytes).readBigUInt64BE() % 1_000_000n).padStart(6, '0');
const sentTo = (phone: string) => `… ${phone.slice(-2)}`;

function check({ answer, expected }: Pick<CheckInput, 'answer' | 'expected'>): Checked {
  const isRight = expected !== undefined && answer.code === expected;
  return isRight ? { outcome: 'accepted', consumes: {} } : { outcome: 'rejected' };
}

export const textMessageKind = {
  secretBytes: BYTES,
  enrol({ body, randomBytes }) {
    const [to, code] = [body.phone as string, codeOf(randomBytes)];
    return {
      secret: to,
      expected: code,
      deliver: { to, code, seconds: SECONDS },
      parameters: {},
      shown: { sentTo: sentTo(to) },
    };
  },
  confirm: check,
  preparation: {
    randomBytes: BYTES,
    prepare({ held, randomBytes }) {
      const [to, code] = [held[0]!.secret!, codeOf(randomBytes)];
      return { shown: { sentTo: sentTo(to) }, expected: code, deliver: { to, code, seconds: SECONDS } };
    },
  },
  check,
} satisfies FactorKind;
