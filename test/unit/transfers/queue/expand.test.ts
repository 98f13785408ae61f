import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import {
  expandDownloads,
  expandUploads,
  filesOf,
  namesBefore,
  plainPathOf,
} from '../../../../main/transfers/queue/expand.ts';
import type { PlannedTransfer } from '../../../../main/transfers/queue/planned-transfer.ts';
import { expandCopies } from '../../../../main/transfers/queue/expand-copies.ts';
import type { NewCopies } from '../../../../main/transfers/tasks/requests.ts';

const place = { accountId: 'a', bucket: 'b' } as const;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-expand-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function allOf(items: AsyncIterable<PlannedTransfer> | Iterable<PlannedTransfer>): Promise<PlannedTransfer[]> {
  const all: PlannedTransfer[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

const nobody = (): Promise<never> => Promise.reject(new Error('no connection is needed'));
const uploadFolder = (key: string) => ({ kind: 'upload-folder', ...place, key, path: join(folder, 'dir') }) as const;

describe('an upload', () => {
  test('of a file has its size and the state in which it was found', async () => {
    write('file.txt');
    const path = join(folder, 'file.txt');
    const [found, ...others] = await allOf(expandUploads({ ...place, prefix: 'p/', paths: [path] }));
    const { ctimeMs } = statSync(path);
    expect(others).toEqual([]);
    expect(found).toEqual({
      work: { kind: 'upload', what: 'file', ...place, key: 'p/file.txt', path },
      ...{ name: 'file.txt', sizeBytes: 8, stamp: `8 ${ctimeMs}`, failure: null },
    });
  });

  test('of a folder is one transfer, whose key ends in a slash', async () => {
    write('dir/x');
    const path = join(folder, 'dir');
    expect(await allOf(expandUploads({ ...place, prefix: 'p/', paths: [path] }))).toEqual([
      { work: { kind: 'upload-folder', ...place, key: 'p/dir/', path }, name: 'dir', sizeBytes: null, failure: null },
    ]);
  });

  test('of what is not there says so', async () => {
    const [found] = await allOf(expandUploads({ ...place, prefix: '', paths: [join(folder, 'nothing')] }));
    expect(found).toMatchObject({ work: { what: 'unread' }, sizeBytes: null, failure: { reason: 'missing' } });
    expect(found?.stamp).toBeUndefined();
  });

  test('of a folder finds its files below its key, and a marker for each folder that is empty', async () => {
    write('dir/x', 'dir/sub/y');
    mkdirSync(join(folder, 'dir/empty'));
    const found = await allOf(filesOf(nobody, uploadFolder('p/dir/')));
    expect(found.map(({ work, name }) => [work.key, name, 'what' in work ? work.what : ''])).toEqual([
      ['p/dir/empty/', 'dir/empty', 'empty-folder'],
      ['p/dir/sub/y', 'dir/sub/y', 'file'],
      ['p/dir/x', 'dir/x', 'file'],
    ]);
  });

  test('of an empty folder makes its own key, but none for a whole bucket', async () => {
    mkdirSync(join(folder, 'dir'));
    const keys = async (key: string) => (await allOf(filesOf(nobody, uploadFolder(key)))).map(({ work }) => work.key);
    expect([await keys('p/dir/'), await keys('')]).toEqual([['p/dir/'], []]);
  });

  test.skipIf(process.platform === 'win32')('names what is not read in a folder, and goes on', async () => {
    write('dir/x', 'elsewhere/y');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'dir/link'));
    const found = await allOf(filesOf(nobody, uploadFolder('p/')));
    expect(found.map(({ work, sizeBytes, failure }) => [work.key, sizeBytes, failure?.kind])).toEqual([
      ['p/link', null, 'file'],
      ['p/x', 5, undefined],
    ]);
  });
});

describe('a download', () => {
  const request = { ...place, versionId: null } as const;
  const pathsOf = (keys: readonly string[], prefixes: readonly string[] = []): readonly string[] =>
    [...expandDownloads({ ...request, keys, prefixes, folder: '/d' })].map(({ work, name }) =>
      'path' in work ? `${work.kind} ${work.path} ${name}` : '',
    );

  test('goes into the chosen folder under the last name of its key', () => {
    const [found] = [
      ...expandDownloads({ ...request, versionId: 'v', keys: ['a/b/c.txt'], prefixes: [], folder: '/d' }),
    ];
    const work = { kind: 'download', what: 'object', ...place, key: 'a/b/c.txt', versionId: 'v', path: '/d/c.txt' };
    expect(found).toEqual({ work, name: 'c.txt', sizeBytes: null, failure: null });
  });

  test('of two keys with the same name has two files', () => {
    expect(pathsOf(['a/x', 'b/x', 'x'])).toEqual([
      'download /d/x x',
      'download /d/x (2) x (2)',
      'download /d/x (3) x (3)',
    ]);
  });

  test('of a key that is a folder makes one', () => {
    const [found] = [...expandDownloads({ ...request, keys: ['a/b/'], prefixes: [], folder: '/d' })];
    expect(found).toMatchObject({ work: { what: 'folder', path: '/d/b' }, name: 'b' });
  });

  test('of a prefix goes into a folder of its name; what only begins like this goes into the chosen one', () => {
    expect(pathsOf([], ['a/b/', 'a/be', ''])).toEqual([
      'download-folder /d/b b',
      'download-folder /d d',
      'download-folder /d d',
    ]);
    const [found] = [...expandDownloads({ ...request, keys: [], prefixes: ['a/b/'], folder: '/d' })];
    expect(found?.work).toEqual({ kind: 'download-folder', ...place, key: 'a/b/', path: '/d/b', root: '/d' });
  });

  test('that goes on keeps the names of the run before', () => {
    const work = { kind: 'download-folder', ...place, key: 'p/', path: '/d' } as const;
    const names = namesBefore(work, [
      ['p/X', 'X'],
      ['p/x', 'x (2)'],
      ['p/', ''],
    ]);
    expect([names.pathOf('x'), names.pathOf('X'), names.pathOf('new')]).toEqual(['x (2)', 'X', 'new']);
    expect(plainPathOf(work, 'p/sub/y')).toBe('sub/y');
    expect(plainPathOf(work, 'p/sub/')).toBe('sub');
    expect(plainPathOf({ ...work, key: 'p/be' }, 'p/begin')).toBe('begin');
  });
});

describe('a copy', () => {
  const from = { ...place, keys: [] as readonly string[], prefixes: [] as readonly string[], versionId: null };
  const planOf = (request: Partial<Omit<NewCopies, 'from'>> & { readonly from?: Partial<NewCopies['from']> }) => {
    const { from: source, ...others } = request;
    const to = { ...place, bucket: 'c', prefix: 'to/' };
    return [...expandCopies({ to, move: false, name: null, ...others, from: { ...from, ...source } })];
  };
  const ruleOf = (request: Parameters<typeof planOf>[0]): string | null => {
    try {
      planOf(request);
      return null;
    } catch (error) {
      if (!(error instanceof WaybillError) || error.failure.kind !== 'input') throw error;
      return `${error.failure.field} ${error.failure.rule}`;
    }
  };

  test('of keys and prefixes goes below the prefix under the last name of each', () => {
    const found = planOf({ from: { keys: ['a/k'], prefixes: ['a/dir/'], versionId: null }, move: true });
    expect(found).toEqual([
      {
        work: {
          ...{ kind: 'copy', accountId: 'a', bucket: 'c', key: 'to/k', move: true, copied: null },
          source: { ...place, key: 'a/k', versionId: null },
        },
        ...{ name: 'k', sizeBytes: null, failure: null },
      },
      {
        work: {
          ...{ kind: 'copy-folder', accountId: 'a', bucket: 'c', key: 'to/dir/', move: true },
          source: { ...place, key: 'a/dir/' },
        },
        ...{ name: 'dir', sizeBytes: null, failure: null },
      },
    ]);
  });

  test('under another name keeps the slash of a folder', () => {
    const keysOf = (source: Partial<NewCopies['from']>) =>
      planOf({ from: source, name: 'new' }).map(({ work, name }) => `${work.key} ${name}`);
    expect(keysOf({ keys: ['a/k'] })).toEqual(['to/new new']);
    expect(keysOf({ keys: ['a/k/'] })).toEqual(['to/new/ new/']);
    expect(keysOf({ prefixes: ['a/dir/'] })).toEqual(['to/new/ new']);
  });

  test('of a whole bucket is named like it', () => {
    const to = { ...place, bucket: 'c', prefix: '' };
    expect(planOf({ from: { prefixes: [''] }, to }).map(({ work, name }) => [work.key, name])).toEqual([['', 'b']]);
  });

  test('onto itself or into itself is refused, before anything is added', () => {
    const here = (prefix: string) => ({ ...place, prefix });
    expect(ruleOf({ from: { keys: ['a/k'] }, to: here('a/') })).toBe('key copy-onto-itself');
    expect(ruleOf({ from: { keys: ['x', 'a/k'] }, to: here('a/') })).toBe('key copy-onto-itself');
    expect(ruleOf({ from: { prefixes: ['a/dir/'] }, to: here('a/') })).toBe('key copy-onto-itself');
    expect(ruleOf({ from: { prefixes: ['a/dir/'] }, to: here('a/dir/') })).toBe('prefix copy-into-itself');
    expect(ruleOf({ from: { prefixes: ['a/dir/'] }, to: here('a/dir/sub/') })).toBe('prefix copy-into-itself');
  });

  test('to another bucket, another place or of an earlier version is none onto itself', () => {
    const here = (prefix: string) => ({ ...place, prefix });
    expect(ruleOf({ from: { keys: ['a/k'] }, to: { ...here('a/'), bucket: 'c' } })).toBeNull();
    expect(ruleOf({ from: { keys: ['a/k'], versionId: 'v' }, to: here('a/') })).toBeNull();
    expect(ruleOf({ from: { keys: ['a/k'] }, to: here('a/k/') })).toBeNull();
    expect(ruleOf({ from: { prefixes: ['a/dir/'] }, to: here('a/directory/') })).toBeNull();
  });
});
