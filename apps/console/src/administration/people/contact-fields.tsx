import type { Schemas } from '../../api/client.ts';
import { Field } from '../../design/field.tsx';
import { Lines, linesOf } from '../../design/form.tsx';
import { typed } from '../../design/typed.ts';
import { say } from './texts.ts';

type Contacts = Partial<Pick<Schemas['User'], 'displayName' | 'emails' | 'phone' | 'locale'>>;

/** What a person is called and where they are reached. */
export const ContactFields = ({ displayName = '', emails = [], phone = '' }: Contacts) => (
  <>
    <Field name="displayName" label={say.name} autoComplete="off" defaultValue={displayName} optional />
    <Lines name="emails" label={say.addresses} lines={emails} rows={2} />
    <Field
      name="phone"
      label={say.phone}
      hint={say.phoneHint}
      autoComplete="off"
      defaultValue={phone}
      optional
    />
  </>
);

/** What is left out of it stays away. */
export function contactsOf(form: HTMLFormElement): Omit<Contacts, 'locale'> {
  const [displayName, phone] = [typed(form, 'displayName').trim(), typed(form, 'phone').trim()];
  return {
    emails: linesOf(typed(form, 'emails')),
    ...(displayName !== '' && { displayName }),
    ...(phone !== '' && { phone }),
  };
}
