import { ask } from './api.ts';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Seconds that the two clocks may differ before codes of authenticator apps begin to fail. */
const CLOCK_S = 5;

/**
 * Looks for the usual mistakes, from where people and services stand: is it reached, is it ready, does its clock agree
 * with this one, does it call itself by this address, is this the operator's token, who may do what in the event store.
 *
 * @throws Failure where it is not reached at all
 */
export async function examine(url: string, token: string | undefined): Promise<Finding[]> {
  const before = Date.now();
  const ready = await ask(url, 'GET', '/health/ready');
  const here = (before + Date.now()) / 2;
  const findings: Finding[] = [
    { check: 'reached', ok: true, detail: url },
    {
      check: 'ready',
      ok: ready.status === 200,
      detail: ready.status === 200 ? 'yes' : JSON.stringify(ready.body.faults ?? ready.body),
    },
  ];
  const there = Date.parse(ready.headers.get('date') ?? '');
  const apart = Math.round((there - here) / 1_000);
  findings.push({
    check: 'clock',
    ok: Math.abs(apart) <= CLOCK_S,
    detail: Number.isNaN(apart)
      ? 'it does not tell the time'
      : `${Math.abs(apart)} s apart from this machine's`,
  });
  const { servers } = (await ask(url, 'GET', '/openapi.json')).body as { servers?: { url: string }[] };
  const calledItself = servers?.[0]?.url ?? 'nothing';
  findings.push({
    check: 'public address',
    ok: calledItself === new URL(url).origin,
    detail: `it calls itself ${calledItself}`,
  });
  if (token !== undefined) {
    const { status } = await ask(url, 'GET', '/v1/domains/no-such-domain', { token });
    findings.push({
      check: 'operator token',
      ok: status === 404,
      detail: status === 404 ? 'accepted' : `refused with ${status}`,
    });
    if (status === 404) findings.push(await examineRights(url, token));
  }
  return findings;
}

interface StoreRight {
  readonly who: string;
  readonly may: string;
  readonly allowed: boolean;
  readonly wanted: boolean;
}

/** Whether its login in the event store may do what it has to, and neither it nor anybody without a login more. */
async function examineRights(url: string, token: string): Promise<Finding> {
  const check = 'store rights';
  const { status, body } = await ask(url, 'GET', '/v1/operator/event-store/rights', { token });
  if (status !== 200)
    return { check, ok: false, detail: `cannot be told: ${status} ${JSON.stringify(body)}` };
  const rights = body.items as StoreRight[];
  if (rights.length === 0)
    return { check, ok: true, detail: 'nothing to tell: the log is on its own machine' };
  const wrong = rights
    .filter(({ allowed, wanted }) => allowed !== wanted)
    .map(({ who, may, allowed }) => `${who} ${allowed ? 'may' : 'may not'} ${may}`);
  return {
    check,
    ok: wrong.length === 0,
    detail: wrong.length === 0 ? 'as they should be' : `${wrong.join(', ')}: see docs/operations.md`,
  };
}
