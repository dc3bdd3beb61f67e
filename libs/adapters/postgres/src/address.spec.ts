import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseAddressFault, readAddress } from './address.ts';

const SECRET = 'correct-horse';
const at = (host: string, rest = '') => `postgres://ada:${SECRET}@${host}/views${rest}`;

function faultOf(text: string, options = {}): string {
  try {
    readAddress(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseAddressFault);
    expect(JSON.stringify([error, (error as Error).stack])).not.toContain(SECRET);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('the address of a database', () => {
  test('says where, who and which database, with what is escaped in it', () => {
    expect(readAddress('postgres://a%40b:p%2Fw%25@127.0.0.1:5433/my%20views')).toEqual({
      host: '127.0.0.1',
      port: 5433,
      user: 'a@b',
      password: 'p/w%',
      database: 'my views',
      ssl: false,
    });
  });

  test.each(['localhost', '127.0.0.1', '127.8.0.1', '[::1]:5433'])('is plain on loopback: %s', (host) => {
    expect(readAddress(at(host)).ssl).toBe(false);
    expect(readAddress(at(host, '?sslmode=verify-full')).ssl).toEqual({ rejectUnauthorized: true });
  });

  test.each(['db.example', '10.0.0.7', '[fd00::7]', '127.example', 'localhost.example'])(
    'is encrypted and verified elsewhere: %s',
    (host) => {
      expect(readAddress(at(host)).ssl).toEqual({ rejectUnauthorized: true });
      expect(readAddress(at(host), { allowPlaintext: true }).ssl).toEqual({ rejectUnauthorized: true });
      expect(faultOf(at(host, '?sslmode=disable'))).toMatch(/^DATABASE_URL .* in the clear/);
      expect(readAddress(at(host, '?sslmode=disable'), { allowPlaintext: true }).ssl).toBe(false);
    },
  );

  test('names who may vouch for the server', () => {
    const path = mkdtempSync(join(tmpdir(), 'sparekey-'));
    const file = join(path, 'ca.pem');
    writeFileSync(file, 'PEM');
    const ssl = { rejectUnauthorized: true, ca: 'PEM' };
    expect(readAddress(at('db.example', `?sslrootcert=${file}`)).ssl).toEqual(ssl);
    expect(readAddress(at('db.example'), { ca: 'PEM' }).ssl).toEqual(ssl);
    rmSync(path, { recursive: true });
    expect(faultOf(at('db.example', `?sslrootcert=${file}`))).toContain('cannot be read');
  });

  test.each([
    ['no address', `views ${SECRET}`, 'must be of the form'],
    ['a port that is none', at('db.example:port'), 'must be of the form'],
    ['another protocol', at('db.example').replace('postgres', 'mysql'), 'must be of the form'],
    ['no database', `postgres://ada:${SECRET}@db.example`, 'must be of the form'],
    ['a mode in which anybody may answer', at('db.example', '?sslmode=require'), 'sslmode=require'],
    ['what would be passed over', at('db.example', '?target_session_attrs=any'), 'target_session_attrs'],
  ])('is refused with %s, by the name of its variable and without its password', (_, text, reason) => {
    expect(faultOf(text, { variable: 'KEYRING_DATABASE_URL' })).toMatch(
      new RegExp(`^KEYRING_DATABASE_URL .*${reason}`),
    );
  });
});
