import { Refused } from '../api/client.ts';
import { sentenceOf } from '../design/fault.tsx';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: { because: (why: string) => `This was not taken: ${why}.` },
  nl: { because: (why) => `Dit is niet aangenomen: ${why}.` },
});

/** Why a form was not taken: what the API says of each field, as administrators read it, else in a sentence of the pages. */
export function whyNot(fault: unknown): string {
  if (!(fault instanceof Refused)) return sentenceOf(fault);
  const { code, errors = [], detail } = fault.problem;
  if (!['validation-failed', 'policy-refused', 'already-exists', 'forbidden'].includes(code))
    return sentenceOf(fault);
  const said =
    errors.map(({ field, message }) => [field, message].filter(Boolean).join(' ')).join('; ') || detail;
  return said === undefined ? sentenceOf(fault) : say.because(said.replace(/\.$/, ''));
}
