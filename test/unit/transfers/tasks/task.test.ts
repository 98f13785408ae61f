import { expect, test } from 'vitest';
import { Task, type TaskRecord, type Work } from '../../../../main/transfers/tasks/task.ts';

const place = { accountId: 'a', bucket: 'b', key: 'k' } as const;
const upload = { kind: 'upload', what: 'file', ...place, path: '/k' } as const;
const copy = {
  kind: 'copy',
  ...place,
  source: { accountId: 'a', bucket: 'b', key: 'from', versionId: null },
  ...{ move: false, copied: null },
} as const;
const link = { host: 'h', bucket: null, key: 'k', path: '/k' } as const;

function makeTask(work: Work = upload, parent: Task | null = null): Task {
  const folder = parent === null ? null : { id: parent.id, key: work.key };
  const order = { createdAt: 5, choice: null, priority: 'low', rank: 3, folder } as const;
  const record: TaskRecord = { id: 'id', work, name: 'name', ...order };
  return new Task(record, parent);
}

const folderWork = { kind: 'download-folder', ...place, path: '/k' } as const;

test('a window learns where a transfer goes, and nothing of its link', () => {
  const task = makeTask({ kind: 'link-download', ...link, versionId: null });
  task.change({ link: { url: 'https://h/k?Signature=secret', params: [], headers: {} }, sizeBytes: 9, doneBytes: 4 });
  expect(task.toTransfer()).toEqual({
    ...{ id: 'id', direction: 'download', through: 'link', accountId: null, bucket: null, key: 'k', localPath: '/k' },
    ...{ name: 'name', sizeBytes: 9, doneBytes: 4, bytesPerSecond: 0, createdAt: 5, priority: 'low', rank: 3 },
    ...{ folderId: null, folder: null, state: { at: 'queued' } },
  });
});

test.each<readonly [Work, object]>([
  [upload, { direction: 'upload', through: 'account', accountId: 'a', localPath: '/k' }],
  [
    { kind: 'upload-folder', ...place, path: '/k' },
    { direction: 'upload', localPath: '/k' },
  ],
  [
    { kind: 'link-upload', ...link },
    { direction: 'upload', through: 'link' },
  ],
  [folderWork, { direction: 'download', localPath: '/k' }],
  [copy, { direction: 'copy', localPath: null }],
  [
    { ...copy, move: true },
    { direction: 'move', localPath: null },
  ],
])('%j is told as %j', (work, told) => {
  expect(makeTask(work).toTransfer()).toMatchObject(told);
});

test('only a folder has counts, and its size and progress are those of its files', () => {
  const folder = makeTask(folderWork);
  const child = makeTask(upload, folder);
  folder.content?.add(child);
  folder.content?.countFound(1, 10);
  child.addBytes(4, 0);
  const counts = { total: 1, isCounted: false, done: 0, skipped: 0, failed: 0, asking: 0 };
  expect(folder.toTransfer()).toMatchObject({ sizeBytes: 10, doneBytes: 4, folder: counts });
  expect(child.toTransfer()).toMatchObject({ sizeBytes: null, doneBytes: 4, folderId: 'id', folder: null });
});

test('transfers to the same bucket by the same account share a route; a copy from elsewhere has its own', () => {
  const routeOf = (work: Work): string => makeTask(work).route;
  const routes = [
    routeOf(upload),
    routeOf({ ...upload, accountId: 'other' }),
    routeOf({ ...upload, bucket: 'other' }),
    routeOf({ kind: 'link-upload', ...link }),
    routeOf({ ...copy, source: { ...copy.source, bucket: 'other' } }),
    routeOf({ ...copy, source: { ...copy.source, accountId: 'other' } }),
  ];
  expect(new Set(routes).size).toBe(routes.length);
  expect([routeOf(copy), routeOf({ ...upload, key: 'other' })]).toEqual([routes[0], routes[0]]);
  expect(routeOf({ kind: 'link-download', ...link, key: 'other', versionId: null })).toBe('h');
});

test('a file is small if one request is known to be enough for it', () => {
  const task = makeTask();
  const isSmall = [null, 0, 8 * 1024 ** 2, 8 * 1024 ** 2 + 1].map((sizeBytes) => {
    task.change({ sizeBytes });
    return task.isSmall;
  });
  expect(isSmall).toEqual([false, true, true, false]);
});

test('only who gets further than ever before has made progress', () => {
  const task = makeTask();
  const tried = { attempts: 3, wasRefreshed: true };
  const progressOf = (bytes: number): boolean => {
    task.change(tried);
    task.addBytes(bytes, 0);
    return task.attempts === 0 && !task.wasRefreshed;
  };
  expect(progressOf(10)).toBe(true);
  task.startAttempt();
  expect([progressOf(4), progressOf(6), progressOf(1)]).toEqual([false, false, true]);
  expect([progressOf(-5), progressOf(5)]).toEqual([false, false]);
  expect(task.doneBytes).toBe(11);
});

test('bytes of an earlier attempt count, but are neither progress nor speed', () => {
  const task = makeTask();
  task.change({ attempts: 3, wasRefreshed: true, state: { at: 'running', attempt: 4 } });
  task.keepBytes(10);
  expect(task.toTransfer()).toMatchObject({ doneBytes: 10, bytesPerSecond: 0 });
  task.addBytes(0, 0);
  expect([task.attempts, task.wasRefreshed]).toEqual([3, true]);
  task.addBytes(1, 0);
  expect([task.doneBytes, task.attempts, task.wasRefreshed]).toEqual([11, 0, false]);
  task.startAttempt();
  task.keepBytes(5);
  task.change({ attempts: 3 });
  task.addBytes(6, 0);
  expect(task.attempts).toBe(3);
});

test('a running transfer and its folder have a speed, which begins anew with each attempt', () => {
  const folder = makeTask(folderWork);
  const task = makeTask(upload, folder);
  for (const one of [folder, task]) one.change({ state: { at: 'running', attempt: 1 } });
  const speeds = (): readonly number[] => [task, folder].map((one) => one.toTransfer().bytesPerSecond);
  task.addBytes(1_000_000, performance.now());
  for (const speed of speeds()) expect(speed).toBeGreaterThan(0);
  task.addBytes(-1_000_000, performance.now());
  for (const speed of speeds()) expect(speed).toBeGreaterThan(0);
  task.startAttempt();
  expect(speeds()[0]).toBe(0);
  task.addBytes(1_000_000, performance.now());
  task.change({ state: { at: 'verifying' } });
  expect(speeds()[0]).toBe(0);
});

test('until an attempt reports what it could use, the progress is what earlier ones left', () => {
  const task = makeTask();
  const part = { partNumber: 1, etag: 'e', crc64: '1', sizeBytes: 8 };
  const upload = { bucket: 'b', key: 'k', uploadId: 'u', partSizeBytes: 8, sizeBytes: 20, modifiedAt: 0 };
  task.change({ checkpoints: { upload: { ...upload, parts: [part] }, download: null } });
  task.startAttempt();
  expect(task.doneBytes).toBe(8);
  task.startAttempt();
  expect(task.doneBytes).toBe(8);
  task.change({ checkpoints: { upload: { ...upload, parts: [part, { ...part, partNumber: 2 }] }, download: null } });
  expect(task.doneBytes).toBe(16);
  task.keepBytes(16);
  task.addBytes(4, 0);
  expect(task.doneBytes).toBe(20);
});

test('an attempt that can use nothing of earlier ones counts from nothing', () => {
  const task = makeTask();
  const spans = [{ start: 0, sizeBytes: 20, doneBytes: 5, crc64: '1' }];
  const file = { partPath: '/p', etag: 'e', crc64: null, versionId: null, sizeBytes: 20 };
  task.change({ checkpoints: { upload: null, download: { ...file, spans } } });
  task.startAttempt();
  task.addBytes(2, 0);
  task.change({ checkpoints: { upload: null, download: { ...file, spans } } });
  expect(task.doneBytes).toBe(2);
});
