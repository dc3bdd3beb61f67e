import type { CheckInput, Checked, FactorKind, Tools } from '@sparekey/factors';

const answersOf = ({ answers }: Readonly<Record<string, unknown>>) => answers as readonly string[];

async function check(
  { secret, answer }: Pick<CheckInput, 'secret' | 'answer'>,
  { matches }: Tools,
): Promise<Checked> {
  const digests = JSON.parse(secret ?? '[]') as unknown[];
  const right = await Promise.all(answersOf(answer).map((text, n) => matches(text, digests[n])));
  return right.every(Boolean) ? { outcome: 'accepted', consumes: {} } : { outcome: 'rejected' };
}

export const questionsKind = {
  secretBytes: 0,
  async enrol({ body }, { digest }) {
    const digests = await Promise.all(answersOf(body).map((text) => digest(text)));
    return { secret: JSON.stringify(digests), parameters: {}, shown: {} };
  },
  confirm: check,
  check,
} satisfies FactorKind;
