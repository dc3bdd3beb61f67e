import { useState } from 'react';
import { api, ask, Refused } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Act, Dialog } from '../design/dialog.tsx';
import { sentenceOf } from '../design/fault.tsx';
import { PasswordField } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { typed } from '../design/typed.ts';
import { texts } from '../texts/index.ts';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    title: 'Password',
    button: 'Change password',
    dialog: 'Choose a new password',
    consequence:
      'Every other browser and app is signed out. A few words that only you would put together make a good password.',
    label: 'New password',
    act: 'Change it',
    changed: 'Your password is changed. Everywhere else you are signed out.',
    refused:
      'This password is too short or too long, holds your name, or is one that attackers try first. Choose another one.',
  },
  nl: {
    title: 'Wachtwoord',
    button: 'Wachtwoord wijzigen',
    dialog: 'Kies een nieuw wachtwoord',
    consequence:
      'Elke andere browser en app wordt afgemeld. Een paar woorden die alleen u bij elkaar zet, zijn goed.',
    label: 'Nieuw wachtwoord',
    act: 'Wijzigen',
    changed: 'Uw wachtwoord is gewijzigd. Overal elders bent u afgemeld.',
    refused:
      'Dit wachtwoord is te kort of te lang, bevat uw naam of is er een dat aanvallers het eerst proberen. Kies een ander wachtwoord.',
  },
});

/** For who signs in with one: the organisation's provider keeps that of others. */
export function ChangePassword() {
  const [isAsking, setAsking] = useState(false);
  const { busy, fault, call, clear } = useCall();
  const close = () => {
    clear();
    setAsking(false);
  };
  const change = (form: HTMLFormElement) =>
    void call(async () => {
      const body = { password: typed(form, 'new-password') };
      await ask(() => api.POST('/v1/identity/password', { body }));
      close();
      toast(say.changed);
    });
  const wasRefused = fault instanceof Refused && fault.problem.code === 'policy-refused';
  return (
    <section className="section" aria-labelledby="password">
      <div className="section-head">
        <h2 id="password">{say.title}</h2>
        <button
          className="btn small"
          type="button"
          onClick={() => {
            clear();
            setAsking(true);
          }}
        >
          {say.button}
        </button>
      </div>
      <Dialog
        open={isAsking}
        title={say.dialog}
        lead={say.consequence}
        cancel={texts.common.cancel}
        act={<Act busy={busy}>{say.act}</Act>}
        onSubmit={change}
        onClose={close}
      >
        <PasswordField
          name="new-password"
          label={say.label}
          autoComplete="new-password"
          fault={fault === undefined ? undefined : wasRefused ? say.refused : sentenceOf(fault)}
        />
      </Dialog>
    </section>
  );
}
