import { SignInBudget } from './sign-in-budget.ts';

let time = 0;
let budget: SignInBudget;
beforeEach(() => {
  time = 1_000_000;
  budget = new SignInBudget({ now: () => time });
});

const ada = { login: 'ada', ip: '192.0.2.1' };
const attempt = (who: Parameters<SignInBudget['take']>[0] = ada): number | 'let' => {
  try {
    budget.take(who);
    return 'let';
  } catch (refusal) {
    return (refusal as { details: { retryAfter: number } }).details.retryAfter;
  }
};
const fail = (times: number, who = ada) => Array.from({ length: times }, () => attempt(who));

describe('the budget of the password step', () => {
  test('lets ten through, then makes wait, twice as long each time', () => {
    expect(fail(10)).toEqual(Array.from({ length: 10 }, () => 'let'));
    expect(attempt()).toBe(30);
    time += 29_999;
    expect(attempt()).toBe(1);
    time += 1;
    expect([attempt(), attempt()]).toEqual(['let', 60]);
    time += 60_000;
    expect([attempt(), attempt()]).toEqual(['let', 120]);
  });

  test('never makes wait longer than a quarter of an hour', () => {
    for (let n = 0; n < 40; n++) {
      attempt();
      time += 900_000;
    }
    attempt();
    expect(attempt()).toBe(900);
  });

  test('counts before it is looked at: a thousand at once are ten', () => {
    expect(fail(1_000).filter((one) => one === 'let')).toHaveLength(10);
  });

  test('begins anew with a success', () => {
    for (let n = 0; n < 50; n++) budget.take(ada).succeeded();
    expect(attempt()).toBe('let');
  });

  test('holds nothing against who was not looked at', () => {
    for (let n = 0; n < 50; n++) budget.take(ada).withdraw();
    expect(fail(10)).toEqual(Array.from({ length: 10 }, () => 'let'));
  });

  test('takes back no wait of others with a try that was not looked at', () => {
    const early = budget.take(ada);
    fail(11);
    time += 30_000;
    expect(attempt()).toBe('let');
    early.withdraw();
    expect(attempt()).toBe(60);
  });

  test('of a browser that the account knows is its own', () => {
    fail(11);
    const own = { ...ada, knownBrowser: 'b-1' };
    expect(attempt(own)).toBe('let');
    fail(10, own);
    expect(attempt(own)).toBe(30);
    expect(attempt({ ...ada, knownBrowser: 'b-2' })).toBe('let');
  });

  test('of an address covers all logins that are tried from there, and neighbours', () => {
    const from = (ip: string) => {
      for (let n = 0; n < 100; n++) attempt({ login: `l-${n}`, ip });
    };
    from('192.0.2.9');
    expect(attempt({ login: 'new', ip: '192.0.2.9' })).toBe(30);
    expect(attempt({ login: 'new', ip: '::ffff:192.0.2.9' })).toBe(30);
    expect(attempt({ login: 'new', ip: '192.0.2.10' })).toBe('let');
    from('2001:db8:1:2::1');
    expect(attempt({ login: 'new', ip: '2001:db8:1:2:ffff::2' })).toBe(30);
    expect(attempt({ login: 'new', ip: '2001:db8:1:3::1' })).toBe('let');
  });
});
