import { generateKeyPairSync } from 'node:crypto';
import { CannotOpen } from './vault.ts';
import { Signer } from './signer.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');

test('a signer says whether it signs, and one without the private key refuses', async () => {
  const [whole, half] = [new Signer(publicKey, privateKey), new Signer(publicKey)];
  expect([whole.signs, half.signs]).toEqual([true, false]);
  expect((await whole.sign('x+jwt', { sub: 'ada' })).split('.')).toHaveLength(3);
  await expect(half.sign('x+jwt', {})).rejects.toThrow(CannotOpen);
  expect(half.keyId).toBe(whole.keyId);
});
