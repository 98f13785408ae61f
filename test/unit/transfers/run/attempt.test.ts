import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import { type AttemptReport, runAttempt } from '../../../../main/transfers/run/attempt.ts';
import { OverwriteHints } from '../../../../main/transfers/run/overwrite-hints.ts';
import { Task, type Work } from '../../../../main/transfers/tasks/task.ts';

const place = { accountId: 'a', bucket: 'b', key: 'k' } as const;
const upload = { kind: 'upload', what: 'file', ...place, path: '/nowhere' } as const;

/** Runs an attempt whose account has no connection, and returns what it reported. */
async function attempt(work: Work, error: Error, signal = new AbortController().signal) {
  const order = { createdAt: 0, choice: null, priority: 'normal', rank: 0, folder: null } as const;
  const task = new Task({ id: 'id', name: 'name', work, ...order }, null);
  const bugs: unknown[] = [];
  const reports: AttemptReport[] = [];
  const options = {
    connection: () => Promise.reject(error),
    dispatcher: new Agent(),
    onBug: (_: string, bug: unknown) => bugs.push(bug),
  };
  const tools = { options, overwriteHints: new OverwriteHints(), connections: () => 1 };
  await runAttempt(task, tools, (report) => reports.push(report), signal);
  return { reports, bugs };
}

const because = { kind: 'credentials', cause: 'missing' } as const;

test('an attempt that fails says why; one that was stopped needs no reason', async () => {
  expect((await attempt(upload, new WaybillError(because))).reports).toEqual([{ type: 'failed', because }]);
  const abort = new AbortController();
  abort.abort();
  expect((await attempt(upload, new WaybillError(because), abort.signal)).reports).toEqual([{ type: 'stopped' }]);
});

test('a bug is told with all that can be said of it, and the transfer knows only where to look', async () => {
  const bug = new Error('a bug');
  const { reports, bugs } = await attempt(upload, bug);
  expect(reports).toMatchObject([{ type: 'failed', because: { kind: 'bug' } }]);
  expect(bugs).toEqual([bug]);
});

test('an attempt that ends says with what', async () => {
  const link = { kind: 'link-upload', host: 'h', bucket: 'b', key: 'k', path: '/nowhere' } as const;
  const needsLink = { type: 'ended', event: { type: 'block', need: 'fresh-link' } };
  expect((await attempt(link, new Error('unused'))).reports).toEqual([needsLink]);
  const folder = mkdtempSync(join(tmpdir(), 'waybill-attempt-'));
  const path = join(folder, 'made');
  const work = { kind: 'download', what: 'folder', ...place, versionId: null, path } as const;
  const { reports } = await attempt(work, new Error('unused'));
  expect(reports).toEqual([{ type: 'ended', event: { type: 'finish', verified: 'length', versionId: null } }]);
  expect(statSync(path).isDirectory()).toBe(true);
  rmSync(folder, { recursive: true });
});
