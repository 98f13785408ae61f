import { expect, test } from 'vitest';
import type { Transfer } from '../../../../main/contract/contract.ts';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { progressTexts } from '../../../../renderer/parts/transfer-text.ts';

const MiB = 1024 ** 2;
const running: Transfer = {
  ...{ id: 'a', direction: 'download', through: 'account', accountId: 'a', bucket: 'photos', key: 'a.jpg' },
  ...{ localPath: '/home/li/a.jpg', name: 'a.jpg', createdAt: 1, priority: 'normal', rank: 1 },
  ...{ folderId: null, folder: null, state: { at: 'running', attempt: 1 } },
  ...{ sizeBytes: 10 * MiB, doneBytes: 5 * MiB, bytesPerSecond: MiB },
};
const messages = new Messages('en');

test('what moves tells its speed and the time left', () => {
  expect(progressTexts(running, messages)).toEqual(['5 MB of 10 MB', '1 MB/s', '5 sec left']);
});

test.each([10 * MiB, null])('what stalls says that it waits, and tells no speed of zero (size %s)', (sizeBytes) => {
  const words = progressTexts({ ...running, sizeBytes, bytesPerSecond: 0 }, messages);
  expect(words.slice(1)).toEqual(['stalled']);
});

test.each(['paused', 'queued'] as const)('what is %s waits for nothing, and says how much of it is kept', (at) => {
  const words = progressTexts({ ...running, bytesPerSecond: 0, state: { at } }, messages);
  expect(words).toEqual(['5 MB of 10 MB kept']);
});
