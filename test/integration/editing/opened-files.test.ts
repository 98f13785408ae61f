// Objects that other programs show: the copies on the disk, and what is never opened.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OpenedFiles } from '../../../main/editing/opened-files.ts';
import type { OpenRequest } from '../../../main/editing/open-request.ts';
import type { OpenedFile } from '../../../main/editing/opened-file.ts';
import { toFailure } from '../../../main/failure.ts';
import { makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';

let practice: PracticeBucket;
let root = '';
let number = 0;
/** Operations on the bucket. */
let asked = 0;
let opened: OpenedFiles;
let seen: (readonly OpenedFile[])[] = [];
/** What programs were given. */
let shown: string[] = [];
const show = (path: string): Promise<void> => {
  shown.push(path);
  return Promise.resolve();
};

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterAll(() => practice.close());
afterEach(() => {
  practice.server.faults.clear();
  shown = [];
  seen = [];
});

async function start(): Promise<void> {
  root = join(practice.folder, `opened-${(number += 1)}`);
  opened = await OpenedFiles.open({
    root,
    run: (_account, _bucket, operation) => {
      asked += 1;
      return operation(practice.connection);
    },
    onChange: () => void seen.push(opened.list()),
  });
}

const wish = (key: string, more: Partial<OpenRequest> = {}): OpenRequest => ({
  ...{ accountId: 'a', bucket: practice.bucket, key, versionId: null, isLargeFine: false, isProgramChosen: false },
  ...more,
});
const foldersLeft = (): readonly string[] => readdirSync(root);

describe('a file that is opened', () => {
  test('has its own name in a folder of its own, which only its owner can read', async () => {
    await start();
    const bytes = noise(3_000_000);
    await practice.put('reports/2026/report.pdf', bytes);
    expect(await opened.open(wish('reports/2026/report.pdf'), show)).toEqual({ kind: 'opened' });
    const [path = ''] = shown;
    expect(basename(path)).toBe('report.pdf');
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o400);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    expect(opened.list().map(({ name, state }) => [name, state])).toEqual([['report.pdf', { at: 'open' }]]);
    expect(seen[0]?.[0]?.state.at).toBe('fetching');
    await opened.close();
    expect(foldersLeft()).toEqual([]);
  });

  test('is fetched again only if the object has changed', async () => {
    await start();
    await practice.put('notes.txt', 'first');
    await opened.open(wish('notes.txt'), show);
    await opened.open(wish('notes.txt'), show);
    await practice.put('notes.txt', 'second');
    await opened.open(wish('notes.txt'), show);
    expect(shown[0]).toBe(shown[1]);
    expect(shown.map((path) => readFileSync(path, 'utf8'))).toEqual(['first', 'first', 'second']);
    await opened.close();
  });

  test('two objects of one name stay apart', async () => {
    await start();
    await practice.put('a/same.txt', 'of a');
    await practice.put('b/same.txt', 'of b');
    await Promise.all([opened.open(wish('a/same.txt'), show), opened.open(wish('b/same.txt'), show)]);
    expect(shown.map((path) => readFileSync(path, 'utf8')).sort()).toEqual(['of a', 'of b']);
    expect(shown.map((path) => basename(path))).toEqual(['same.txt', 'same.txt']);
    await opened.close();
  });

  test('leads out of its folder by no name', async () => {
    await start();
    for (const key of ['..', 'a/..', '..\\..\\evil.txt', 'C:\\evil.txt', 'evil.txt:stream', '\u202Etxt.live']) {
      await practice.put(key, 'hostile');
      await opened.open(wish(key), show);
    }
    expect(shown).toHaveLength(6);
    for (const path of shown) {
      expect(dirname(dirname(path))).toBe(root);
      expect(basename(path)).not.toMatch(/[:\\\u202E]|^\.+$/);
    }
    await opened.close();
    expect(foldersLeft()).toEqual([]);
  });

  test('of more than 100 MB is only fetched after a question', async () => {
    await start();
    await practice.put('film.mp4', Buffer.alloc(101 * 1024 ** 2));
    const answer = await opened.open(wish('film.mp4'), show);
    expect(answer).toEqual({ kind: 'large', sizeBytes: 101 * 1024 ** 2 });
    expect(shown).toEqual([]);
    expect(await opened.open(wish('film.mp4', { isLargeFine: true }), show)).toEqual({ kind: 'opened' });
    expect(shown).toHaveLength(1);
    await opened.close();
  });

  test('leaves nothing when the fetch is stopped, or fails', async () => {
    await start();
    await practice.put('slow.dat', noise(2_000_000));
    practice.server.faults.add({
      match: { operation: 'GetObject' },
      effect: { kind: 'slow', bytesPerSecond: 100_000 },
    });
    const opening = opened.open(wish('slow.dat'), show);
    const failed = opening.then(
      () => null,
      (error: unknown) => toFailure(error).kind,
    );
    await expect.poll(() => opened.list().length).toBe(1);
    opened.stop(opened.list()[0]?.id ?? '');
    expect(await failed).toBe('cancelled');
    practice.server.faults.clear();
    const missing = await opened.open(wish('missing.txt'), show).catch(toFailure);
    expect(missing).toMatchObject({ kind: 'oss', status: 404 });
    expect(opened.list()).toEqual([]);
    expect(shown).toEqual([]);
    expect(foldersLeft()).toEqual([]);
  });

  test('is removed at the next start if Waybill was killed', async () => {
    await start();
    await mkdir(join(root, 'left'), { recursive: true });
    await writeFile(join(root, 'left', 'secret.txt'), 'left behind', { mode: 0o400 });
    await OpenedFiles.open({
      root,
      run: () => Promise.reject(new Error('nothing is asked')),
      onChange: () => undefined,
    });
    expect(foldersLeft()).toEqual([]);
  });
});

describe('a program', () => {
  test.each(['setup.exe', 'a.pdf.lnk', 'x.exe.', 'cod\u202Efdp.exe', 'x.jar'])('%j is never fetched', async (key) => {
    await start();
    await practice.put(key, 'MZ');
    asked = 0;
    expect(await opened.open(wish(key), show)).toEqual({ kind: 'program', isText: false });
    const answer = await opened.open(wish(key, { isProgramChosen: true, isLargeFine: true }), show);
    expect(answer).toEqual({ kind: 'program', isText: false });
    expect(shown).toEqual([]);
    expect(asked).toBe(0);
  });

  test('that is a text is shown by a program that somebody chose, and nothing marks it as one to run', async () => {
    await start();
    await practice.put('build.sh', '#!/bin/sh\n');
    expect(await opened.open(wish('build.sh'), show)).toEqual({ kind: 'program', isText: true });
    expect(shown).toEqual([]);
    expect(await opened.open(wish('build.sh', { isProgramChosen: true }), show)).toEqual({ kind: 'opened' });
    expect(statSync(shown[0] ?? '').mode & 0o111).toBe(0);
    await opened.close();
  });
});
