import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { sentenceOf } from '../design/fault.tsx';
import { Field, Submit } from '../design/field.tsx';
import { Choice } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Page } from '../design/page.tsx';
import { toast } from '../design/toast.tsx';
import { typed } from '../design/typed.ts';
import { sessionChanged, type PageProps } from '../signed-in.tsx';
import { names } from '../texts/page-names.ts';
import { LANGUAGES, nameOfLanguage } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';
import { ChangePassword } from './change-password.tsx';

const say = spoken({
  en: {
    lead: 'What you are called here, and where messages about your account go.',
    name: 'Name',
    language: 'Language of messages',
    languageHint: 'Mails about your account come in it.',
    noLanguage: 'Your organisation’s',
    save: 'Save',
    saved: 'Your profile is saved.',
    reached: 'Where you are reached',
    reachedText:
      'Messages about your account go to each of these. They are kept by your organisation: ask your administrators to change one.',
    noneKept:
      'There is none. Ask your administrators for one: without it nobody can tell you when something changes.',
    login: 'Login',
    address: 'E-mail address',
    phone: 'Telephone',
  },
  nl: {
    lead: 'Hoe u hier heet, en waar berichten over uw account heen gaan.',
    name: 'Naam',
    language: 'Taal van berichten',
    languageHint: 'Mails over uw account komen erin.',
    noLanguage: 'Die van uw organisatie',
    save: 'Opslaan',
    saved: 'Uw profiel is opgeslagen.',
    reached: 'Waar u bereikt wordt',
    reachedText:
      'Berichten over uw account gaan naar elk hiervan. Uw organisatie houdt ze bij: vraag uw beheerders er een te wijzigen.',
    noneKept:
      'Er is er geen. Vraag uw beheerders erom: zonder kan niemand u laten weten dat er iets wijzigt.',
    login: 'Login',
    address: 'E-mailadres',
    phone: 'Telefoon',
  },
});

export default function ProfilePage({
  session: { domain, userId, login, password: hasPassword },
}: PageProps) {
  const params = { path: { domain, user: userId } };
  const query = useQuery({
    queryKey: ['profile', userId],
    queryFn: () => ask(() => api.GET('/v1/domains/{domain}/users/{user}', { params })),
  });
  const { busy, fault, call } = useCall();
  const save = (form: HTMLFormElement) =>
    void call(async () => {
      const displayName = typed(form, 'displayName').trim();
      const locale = typed(form, 'locale');
      const isOther = locale !== '' && locale !== query.data?.locale;
      const body = { ...(displayName !== '' && { displayName }), ...(isOther && { locale }) };
      await ask(() => api.PATCH('/v1/domains/{domain}/users/{user}', { params, body }));
      toast(say.saved);
      sessionChanged();
      await query.refetch();
    });
  return (
    <Page title={names.profile} lead={say.lead}>
      <Loaded of={query} ghosts={4}>
        {({ displayName, locale = '', emails = [], phone }) => (
          <>
            <form
              className="stack l narrow"
              onSubmit={(event) => {
                event.preventDefault();
                save(event.currentTarget);
              }}
            >
              <Field
                name="displayName"
                label={say.name}
                autoComplete="name"
                {...(displayName !== undefined && { defaultValue: displayName })}
                fault={fault === undefined ? undefined : sentenceOf(fault)}
              />
              <Choice
                name="locale"
                label={say.language}
                hint={say.languageHint}
                chosen={locale}
                options={languagesBeside(locale)}
              />
              <div>
                <Submit busy={busy}>{say.save}</Submit>
              </div>
            </form>
            <section className="section" aria-labelledby="reached">
              <div className="section-head">
                <h2 id="reached">{say.reached}</h2>
                <p>{emails.length === 0 && phone === undefined ? say.noneKept : say.reachedText}</p>
              </div>
              <dl className="facts-list wide-terms">
                {login !== undefined && <Fact name={say.login} value={login} />}
                {emails.map((address) => (
                  <Fact key={address} name={say.address} value={address} />
                ))}
                {phone !== undefined && <Fact name={say.phone} value={phone} />}
              </dl>
            </section>
            {hasPassword && <ChangePassword />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Those that there are texts in, and the one that is kept, whatever it is. */
const languagesBeside = (kept: string): (readonly [string, string])[] => [
  ...(kept in LANGUAGES ? [] : [[kept, kept === '' ? say.noLanguage : nameOfLanguage(kept)] as const]),
  ...Object.entries(LANGUAGES).map(([name, { language }]) => [name, language] as const),
];

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <bdi>{value}</bdi>
    </dd>
  </div>
);
