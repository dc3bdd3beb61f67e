import { Puzzle } from 'lucide-react';
import { api, ask } from '../api/client.ts';
import { useCall } from '../api/use-call.ts';
import { Fault, sentenceOf } from '../design/fault.tsx';
import type { AskProps, Method, SetUpProps } from '../methods/method.ts';

/* The pages of a method that no release has: what the tests' kind of that name needs, and nothing else. */

const KEPT = 'made-up-key';

/** What a browser would keep of it. */
interface Kept {
  readonly id: string;
  readonly key: string;
}

function SetUp({ domain, userId, onDone }: SetUpProps) {
  const { busy, fault, call } = useCall();
  const add = () =>
    call(async () => {
      const path = { domain, user: userId };
      const body = { type: 'made-up-key', name: 'On my key ring' } as never;
      const { factorId, creationOptions } = (await ask(() =>
        api.POST('/v1/domains/{domain}/users/{user}/factors', { params: { path }, body }),
      )) as unknown as { factorId: string; creationOptions: { challenge: string } };
      const kept: Kept = { id: `key of ${userId}`, key: crypto.randomUUID() };
      const params = { path: { ...path, factorId } };
      const confirmed = { credential: { ...kept, challenge: creationOptions.challenge } } as never;
      await ask(() =>
        api.POST('/v1/domains/{domain}/users/{user}/factors/{factorId}/confirm', { params, body: confirmed }),
      );
      localStorage.setItem(KEPT, JSON.stringify(kept));
      onDone();
    });
  return (
    <div className="stack">
      {fault !== undefined && <Fault id="key">{sentenceOf(fault)}</Fault>}
      <button className="btn primary wide" type="button" aria-disabled={busy} onClick={() => void add()}>
        Make the key
      </button>
    </div>
  );
}

function Ask({ challengeId, busy, fault, onAnswer }: AskProps) {
  const touch = async () => {
    const params = { path: { challengeId, method: 'made-up-key' } } as never;
    const prompt: unknown = await ask(() =>
      api.POST('/v1/challenges/{challengeId}/{method}-options', { params }),
    );
    const { challenge } = prompt as { challenge: string };
    const kept = JSON.parse(localStorage.getItem(KEPT)!) as Kept;
    onAnswer({ credential: { ...kept, challenge, counter: 1 } });
  };
  return (
    <div className="stack">
      {fault !== undefined && <Fault id="key">{fault}</Fault>}
      <button className="btn primary wide" type="button" aria-disabled={busy} onClick={() => void touch()}>
        Touch the key
      </button>
    </div>
  );
}

export const madeUpKey: Method = {
  type: 'made-up-key',
  name: 'Made-up key',
  Icon: Puzzle,
  offer: 'Touch it; nothing to type.',
  notAccepted: () => 'This key was not accepted.',
  Ask,
  setUp: {
    choose: 'Nothing to type.',
    title: 'Make a key',
    lead: 'It stays in this browser.',
    Form: SetUp,
  },
};
