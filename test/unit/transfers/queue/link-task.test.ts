import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LinkRequest, planLinkTask } from '../../../../main/transfers/queue/link-task.ts';
import { Task, type Work } from '../../../../main/transfers/tasks/task.ts';

const parts = {
  ...({ signVersion: 'v4', bucket: 'b', host: 'h', region: null, accessKeyId: 'x', temporary: false } as const),
  ...{ key: 'k', versionId: null, signedAt: 0, validUntil: 9e15, additionalHeaders: [] },
  params: [['response-content-type', 'text/plain']] as const,
};
const url = 'http://h/k?Signature=1';
const download = { kind: 'download', url, parts, folder: '/d', fileName: 'a/b:c' } as const;
const upload = { kind: 'upload', url, parts, path: '/u/file', headers: { 'content-type': 'text/plain' } } as const;

function makeTask(work: Work): Task {
  const order = { createdAt: 0, choice: null, priority: 'normal', rank: 0, folder: null } as const;
  return new Task({ id: 'id', name: 'name', work, ...order }, null);
}

/** Whether a task that waits for a link takes the one of a request like this. */
function fits(waiting: LinkRequest, incoming: LinkRequest): boolean {
  return planLinkTask(incoming).isSame(makeTask(planLinkTask(waiting).work));
}

test('a name that a stranger chose stays in the folder', () => {
  const { work, name } = planLinkTask({ ...download, fileName: '../evil' });
  expect('path' in work ? [join(work.path, '..'), work.path.includes('..' + '/')] : []).toEqual(['/d', false]);
  expect(name).not.toContain('/');
});

test('a path that the person chose is used as it is', () => {
  const { kind, parts: its } = download;
  const { work, name } = planLinkTask({ kind, url, parts: { ...its, versionId: 'v' }, path: '/e/my:file' });
  expect([name, work]).toEqual([
    'my:file',
    { kind: 'link-download', host: 'h', bucket: 'b', key: 'k', versionId: 'v', path: '/e/my:file' },
  ]);
});

test('the folder that was chosen stays known if the file goes below it', () => {
  const { work } = planLinkTask({ ...download, folder: '/d/sub', root: '/d' });
  expect(work).toMatchObject({ root: '/d' });
  expect(planLinkTask(download).work).not.toHaveProperty('root');
});

test('the link is kept apart from what is written down', () => {
  const expected = { sizeBytes: 5, crc64: null };
  const down = planLinkTask({ ...download, expected });
  expect(down.link).toEqual({ url, params: parts.params, headers: {}, expected });
  const up = planLinkTask(upload);
  expect(up.link).toEqual({ url, params: parts.params, headers: upload.headers, expected: undefined });
  expect(up.work).toEqual({ kind: 'link-upload', host: 'h', bucket: 'b', key: 'k', path: '/u/file' });
  expect(JSON.stringify([down.work, up.work])).not.toContain('Signature');
});

test('a fresh link fits the transfer of the same object in the same direction', () => {
  expect(fits(upload, { ...upload, url: 'http://h/k?Signature=2' })).toBe(true);
  expect(fits(upload, { ...upload, path: '/u/other' })).toBe(false);
  expect(fits(upload, { ...upload, parts: { ...parts, key: 'other' } })).toBe(false);
  expect(fits(upload, { ...upload, parts: { ...parts, bucket: null } })).toBe(false);
  expect(fits(upload, download)).toBe(false);
  expect(fits(download, upload)).toBe(false);
});

test('a download takes a link into the same folder, whatever number its name has got', () => {
  expect(fits(download, { ...download, fileName: 'a/b:c (2)' })).toBe(true);
  expect(fits(download, { ...download, folder: '/e' })).toBe(false);
  expect(fits(download, { ...download, parts: { ...parts, versionId: 'v' } })).toBe(false);
});

test('a picture in one size is no picture in another', () => {
  const sized = (value: string) => ({ ...download, parts: { ...parts, params: [['x-oss-process', value]] as const } });
  const [small, large] = [sized('image/resize,w_100'), sized('image/resize,w_800')];
  expect(fits(small, small)).toBe(true);
  expect(fits(small, large)).toBe(false);
  expect(fits(small, download)).toBe(false);
  expect(fits(download, small)).toBe(false);
  expect(JSON.stringify(planLinkTask(small).work)).not.toContain('resize');
});

test('a fresh link for a bucket may lead to another of its hosts; a custom domain is another place', () => {
  for (const link of [upload, download]) {
    const onHost = (host: string, bucket: string | null) => ({ ...link, parts: { ...parts, host, bucket } });
    expect(fits(onHost('h', 'b'), onHost('i', 'b'))).toBe(true);
    expect(fits(onHost('h', null), onHost('h', null))).toBe(true);
    expect(fits(onHost('h', null), onHost('i', null))).toBe(false);
  }
});

test('a transfer through an account takes no link', () => {
  const place = { accountId: 'a', bucket: 'b', key: 'k', path: '/d/a_b_c' } as const;
  const account = makeTask({ kind: 'download', what: 'object', versionId: null, ...place });
  expect(planLinkTask(download).isSame(account)).toBe(false);
});
