import { CircleAlert, KeyRound, Plus, ShieldAlert, ShieldCheck, Smartphone } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Refused } from '../api/client.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { Act, Dialog } from '../design/dialog.tsx';
import { Fault } from '../design/fault.tsx';
import { DigitsField, Field, PasswordField } from '../design/field.tsx';
import { Choice, Lines, Tick } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/more.tsx';
import { Page } from '../design/page.tsx';
import { toast } from '../design/toast.tsx';
import { Wait } from '../methods/wait.tsx';

const nothing = () => Promise.resolve();
const read = { data: undefined, error: null, refetch: nothing as never };
const list = {
  hasNextPage: true,
  isFetchingNextPage: false,
  isFetchNextPageError: false,
  error: null,
  fetchNextPage: nothing,
};

/** Every component in every state, for who works on the pages: in English alone, and of nobody. */
export default function ComponentsPage() {
  return (
    <Page title="Components" lead="Each in every state, drawn by the same files as the pages.">
      <Part title="Buttons">
        <Buttons />
      </Part>
      <Part title="Fields">
        <Fields />
      </Part>
      <Part title="Rows, badges and states">
        <Rows />
      </Part>
      <Part title="Banners, status and the next step">
        <Banners />
      </Part>
      <Part title="Loading, failed, offline, no permission, empty">
        <Reads />
      </Part>
      <Part title="Dialog and toast">
        <Overlays />
      </Part>
      <Part title="A wait">
        <Wait until={Date.now() + 252_000} isOver={false} onOpen={() => undefined} />
      </Part>
    </Page>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = title.toLowerCase().replaceAll(/\W+/g, '-');
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
      </div>
      <div className="stack l">{children}</div>
    </section>
  );
}

const Buttons = () => (
  <>
    {['primary', '', 'plain', 'danger', 'danger-line'].map((kind) => (
      <div className="actions" key={kind}>
        <button className={`btn ${kind}`} type="button">
          {kind || 'quiet'}
        </button>
        <button className={`btn small ${kind}`} type="button">
          <Plus className="icon icon-s" aria-hidden="true" />
          small
        </button>
        <button className={`btn busy ${kind}`} type="button" aria-disabled>
          Checking…
        </button>
      </div>
    ))}
    <div className="actions">
      <CopyButton text="copied" />
      <button className="link" type="button">
        A link that is a button
      </button>
    </div>
  </>
);

const Fields = () => (
  <div className="stack l narrow">
    <Field name="rest" label="At rest" hint="What it is for, in a sentence." optional />
    <Field name="filled" label="Filled" defaultValue="ada@acme.example" optional />
    <PasswordField name="password" label="Password" fault={undefined} />
    <Choice
      name="choice"
      label="One of a few"
      chosen="b"
      options={[
        ['a', 'The first'],
        ['b', 'The second'],
      ]}
    />
    <Lines name="lines" label="One a line" lines={['first', 'second']} />
    <Tick name="on" label="Ticked" hint="What a yes means." checked />
    <Tick name="off" label="Not ticked" />
    <DigitsField
      label="Code"
      hint="The digits that your app shows now."
      fault={undefined}
      rejected={false}
      onWhole={() => undefined}
    />
    <Lines
      name="wrong"
      label="Wrong"
      lines={['not an address']}
      fault="This is no address. Check it, and try again."
    />
  </div>
);

const Rows = () => (
  <ul className="rows">
    <li className="row">
      <span className="lead">
        <Smartphone className="icon" aria-hidden="true" />
      </span>
      <div className="text">
        <h3 className="name">
          My phone <span className="badge accent">Asked first</span>
        </h3>
        <p className="facts">Added yesterday · Last used 3 minutes ago</p>
      </div>
      <div className="end">
        <button className="btn plain small" type="button">
          Rename
        </button>
      </div>
    </li>
    {(['ok', 'warn', 'danger'] as const).map((kind) => (
      <li className="row" key={kind}>
        <span className="lead">
          <KeyRound className="icon" aria-hidden="true" />
        </span>
        <div className="text">
          <h3 className="name">
            A badge <span className={`badge ${kind}`}>{kind}</span>
          </h3>
          <p className="facts">
            <span className={`state ${kind}`}>A state: {kind}</span>
          </p>
        </div>
      </li>
    ))}
  </ul>
);

const Banners = () => (
  <>
    <div className="banner">
      <p>What is worth knowing.</p>
    </div>
    <div className="banner warn">
      <p>What should be done soon.</p>
    </div>
    <div className="banner danger">
      <p>What should be done now.</p>
    </div>
    {[true, false].map((isSafe) => (
      <div className="status" key={String(isSafe)}>
        <div className={isSafe ? 'say' : 'say bad'}>
          <span className="sign">
            {isSafe ? (
              <ShieldCheck className="icon" aria-hidden="true" />
            ) : (
              <ShieldAlert className="icon" aria-hidden="true" />
            )}
          </span>
          <h3>{isSafe ? 'All is well' : 'Something is missing'}</h3>
          <p>One sentence that says what would happen.</p>
        </div>
      </div>
    ))}
    <p className="fault">
      <CircleAlert className="icon icon-s" aria-hidden="true" />
      What did not work, and what to do.
    </p>
  </>
);

const Reads = () => (
  <>
    <Loaded of={read} ghosts={2}>
      {() => null}
    </Loaded>
    {(['offline', 'busy', 'forbidden', 'internal'] as const).map((code) => (
      <Loaded key={code} of={{ ...read, error: new Refused({ code, requestId: '1f0c' }) }}>
        {() => null}
      </Loaded>
    ))}
    <p className="empty">Nothing yet: what would be here, and how to get it.</p>
    <More of={list} />
    <More of={{ ...list, isFetchingNextPage: true }} />
    <More of={{ ...list, hasNextPage: false }} />
  </>
);

function Overlays() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="actions">
      <button className="btn" type="button" onClick={() => setOpen(true)}>
        Open a dialog
      </button>
      <button className="btn" type="button" onClick={() => toast('This has just been done.')}>
        Show a toast
      </button>
      <Dialog
        open={isOpen}
        title="Remove the key?"
        lead="You would keep one method and three codes."
        cancel="Keep it"
        act={
          <Act danger busy={false}>
            Remove the key
          </Act>
        }
        onSubmit={() => setOpen(false)}
        onClose={() => setOpen(false)}
      >
        <Fault id="dialog-fault">Why it did not work the last time.</Fault>
      </Dialog>
    </div>
  );
}
