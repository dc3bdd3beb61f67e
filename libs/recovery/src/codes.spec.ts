import type { CodesFact } from '@sparekey/contracts';
import { given as givenEvents } from '@sparekey/event-sourcing/testing';
import { codesDecider } from './codes.ts';

const given = (...events: CodesFact[]) => givenEvents(codesDecider, ...events);
const first = '0b000000-0000-4000-8000-000000000001';
const second = '0b000000-0000-4000-8000-000000000002';
const generated = (batchId: string, epoch = 0): CodesFact => ({
  type: 'RecoveryCodesGenerated',
  data: { batchId, epoch, total: 16, digests: '1.sealed' },
});
const saved = (batchId: string): CodesFact => ({ type: 'RecoveryCodesSaved', data: { batchId } });
const confirm = (batchId: string, epoch = 0) => ({ type: 'ConfirmSaved', batchId, epoch }) as const;

describe('recovery codes', () => {
  test('a new set may always be made', () => {
    const command = {
      type: 'GenerateCodes',
      batchId: second,
      epoch: 0,
      total: 16,
      digests: '1.sealed',
    } as const;
    given().when(command).then(generated(second));
    given(generated(first), saved(first)).when(command).then(generated(second));
  });

  test('only the newest set counts, and it is not saved yet', () => {
    expect(given(generated(first), saved(first), generated(second)).state).toMatchObject({
      batchId: second,
      saved: false,
    });
  });

  test('a set is saved once, and only where it counts', () => {
    given(generated(first)).when(confirm(first)).then(saved(first));
    given(generated(first), saved(first)).when(confirm(first)).then();
    given(generated(first), generated(second)).when(confirm(first)).refuses('not-found');
    given(generated(first, 0)).when(confirm(first, 1)).refuses('not-found');
    given().when(confirm(first)).refuses('not-found');
  });
});
