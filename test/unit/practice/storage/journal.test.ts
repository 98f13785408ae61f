import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../../main/practice/storage/journal.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.jsonl');
});

afterEach(() => rm(folder, { recursive: true }));

async function replay(): Promise<unknown[]> {
  const records: unknown[] = [];
  const journal = await Journal.open(path, (record) => records.push(record));
  await journal.close();
  return records;
}

test('what was appended is replayed in order', async () => {
  const journal = await Journal.open(path, () => undefined);
  await journal.append({ key: '键' });
  await journal.append({ key: 'line\nbreak' });
  await journal.close();
  expect(await replay()).toEqual([{ key: '键' }, { key: 'line\nbreak' }]);
});

test('a torn last line is cut off, and the next record does not stick to it', async () => {
  const journal = await Journal.open(path, () => undefined);
  await journal.append({ at: 1, key: '键' });
  await journal.close();
  await appendFile(path, '{"at":2,"ke');
  const again = await Journal.open(path, () => undefined);
  await again.append({ at: 3 });
  await again.close();
  expect(await replay()).toEqual([{ at: 1, key: '键' }, { at: 3 }]);
});

test('rewriting keeps exactly the given records, and appending goes on', async () => {
  const journal = await Journal.open(path, () => undefined);
  for (let at = 0; at < 10; at += 1) await journal.append({ at });
  await journal.rewrite([{ at: 9 }]);
  await journal.append({ at: 10 });
  await journal.close();
  expect(await readFile(path, 'utf8')).toBe('{"at":9}\n{"at":10}\n');
});
