import { type Api, newPlace, type Place, Tenant, totpCode } from '@sparekey/testing';
import { decodeJwt } from 'jose';
import { Visitor } from './visitor.ts';

/* Before two-step verification is on, a password is all there is: whoever else knows it must gain nothing by it later. */

let world: Place;
let api: Api;
let acme: Tenant;
let { as, exchange, newcomer, prepare, enrolIn } = {} as Visitor;

beforeAll(async () => {
  world = newPlace();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  ({ as, exchange, newcomer, prepare, enrolIn } = new Visitor(api, acme, world.clock));
});
afterAll(() => world.close());

const now = () => world.clock.now();
const U = (userId: string) => `/v1/domains/acme/users/${userId}`;
const claims = (token: string) => decodeJwt(token);

describe('who enrols', () => {
  test('shows a factor in their own session: another enrolment session gains nothing by it', async () => {
    const { userId, account } = await newcomer();
    const theirs = (await acme.signIn(account)).body.session.token;
    const other = (await acme.signIn(account)).body.session.token;
    await enrolIn(theirs, userId);
    expect((await exchange(other)).status).toBe(401); // a password alone is not enough any more
    expect((await exchange(theirs)).status).toBe(200);
  });

  test('cannot be overtaken by who knows the password and has a factor ready', async () => {
    const { userId, account } = await newcomer();
    const attackers = (await acme.signIn(account)).body.session.token;
    const { body: pending } = await as(attackers, 'POST', `${U(userId)}/factors`, { type: 'totp' });
    const theirs = (await acme.signIn(account)).body.session.token;
    await enrolIn(theirs, userId);
    const code = totpCode(pending.secret, now());
    const confirmed = await as(attackers, 'POST', `${U(userId)}/factors/${pending.factorId}/confirm`, {
      code,
    });
    expect(confirmed.status).toBe(401);
    expect((await exchange(attackers)).status).toBe(401);
    expect((await exchange(theirs)).status).toBe(200);
  });

  test('owes nothing to what others did who know the password: their factors and codes count for nothing', async () => {
    const { userId, account } = await newcomer();
    const eves = (await acme.signIn(account)).body.session.token;
    const planted = await prepare(eves, userId);
    const bobs = (await acme.signIn(account)).body.session.token;
    const enable = () => as(bobs, 'POST', `${U(userId)}/two-step/enable`);
    expect((await enable()).body.code).toBe('not-enrolled');
    const { body: factor } = await as(bobs, 'POST', `${U(userId)}/factors`, { type: 'totp' });
    const code = { code: totpCode(factor.secret, now()) };
    await as(bobs, 'POST', `${U(userId)}/factors/${factor.factorId}/confirm`, code);
    expect((await enable()).body.code).toBe('codes-not-saved');
    const { body: own } = await as(bobs, 'POST', `${U(userId)}/recovery-codes`);
    await as(bobs, 'POST', `${U(userId)}/recovery-codes/saved`, { batchId: own.batchId });
    expect((await enable()).status).toBe(204);
    const { factors } = (await as(bobs, 'GET', `${U(userId)}/security`)).body;
    expect(factors).toEqual([expect.objectContaining({ factorId: factor.factorId, default: true })]);
    world.clock.advance(30);
    const { challengeId } = (await acme.signIn(account)).body.challenge;
    const eve = [
      { method: 'totp', code: totpCode(planted.secret, now()) },
      { method: 'recovery-code', code: planted.codes[0] },
    ];
    for (const answer of eve)
      expect((await acme.answer(challengeId, answer)).body.code).toBe('code-rejected');
  });

  test('and enrols in a whole session raises that very session with the new factor, and ends the others', async () => {
    const { userId, account } = await newcomer();
    const [token, other] = [
      await acme.plainSession(userId, account),
      await acme.plainSession(userId, account),
    ];
    const { secret, codes } = await prepare(token, userId);
    const codeNow = () => ({ code: totpCode(secret, now()) });
    expect((await as(token, 'POST', `${U(userId)}/two-step/enable`)).status).toBe(204);
    expect((await as(other, 'GET', `${U(userId)}/security`)).status).toBe(401);
    await acme.operator('PUT', `/users/${userId}`, { roles: ['auditor', 'help-desk'] });
    const unlock = (by: string) => as(by, 'POST', `${U('person-0')}/unlock`);
    expect((await unlock(token)).body).toMatchObject({
      code: 'step-up-required',
      acrValues: 'urn:sparekey:acr:2',
    });
    const reauthenticate = async (answer: object) => {
      const challenge = { userId, purpose: 're-authentication' };
      const { body } = await as(token, 'POST', '/v1/domains/acme/challenges', challenge);
      return exchange(token, (await acme.answer(body.challengeId, answer)).body.result);
    };
    const byCode = await reauthenticate({ method: 'recovery-code', code: codes[0] });
    expect(byCode).toMatchObject({ status: 403, body: { code: 'forbidden' } }); // it raises nothing
    world.clock.advance(30);
    const raised = await reauthenticate({ method: 'totp', ...codeNow() });
    expect(claims(raised.body.token)).toMatchObject({
      acr: 'urn:sparekey:acr:2',
      amr: ['pwd', 'otp', 'mfa'],
    });
    expect((await unlock(raised.body.token)).status).toBe(204);
  });
});
