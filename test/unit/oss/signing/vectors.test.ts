import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFile } from '../../../vectors/run.ts';

const folder = join(import.meta.dirname, '../../../vectors');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(files)('%s', (file) => {
  test('every record that follows the algorithm comes out the same', async () => {
    const outcomes = await checkFile(join(folder, file));
    expect(outcomes.filter(({ difference }) => difference !== null)).toEqual([]);
    expect(outcomes.filter(({ skipped }) => !skipped).length).toBeGreaterThan(file === 'forms.json' ? 16 : 20);
  });
});

async function writeVectors(content: unknown): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'vectors-')), 'vectors.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

test.each([
  ['signature', { signature: 'e32eb12fe8c8efa1fcad710190876c885f01cd7851b7898dd3f3159611715c2e' }],
  ['path', { raw_path: '/hallo.txt' }],
  ['query', { query: [] }],
  ['origin', { url: 'https://oss-cn-hangzhou.aliyuncs.com/hello.txt' }],
  ['canonical_request', { canonical_request: 'GET' }],
  ['string_to_sign', { string_to_sign: '' }],
])('a record with another %s fails', async (what, change) => {
  const { vectors } = JSON.parse(await readFile(join(folder, 'signing-v4.json'), 'utf8')) as {
    vectors: { id: string; expected: object }[];
  };
  const record = vectors.find(({ id }) => id === 'v4q-basic-put@oss2');
  const path = await writeVectors({ vectors: [{ ...record, expected: { ...record?.expected, ...change } }] });
  const outcomes = await checkFile(path);
  expect(outcomes.map(({ difference }) => difference?.split(':')[0])).toEqual([what]);
});

test('a record that does not follow the algorithm is skipped, not passed', async () => {
  const path = await writeVectors({ vectors: [{ id: 'x', sig_version: 'v4', conforms: false }] });
  expect(await checkFile(path)).toEqual([{ id: 'x', difference: null, skipped: true }]);
});

test('a file that holds nothing known, or does not exist, fails', async () => {
  for (const path of [await writeVectors({ vectors: [] }), join(folder, 'none.json')]) {
    const outcomes = await checkFile(path);
    expect(outcomes.map(({ id, skipped }) => ({ id, skipped }))).toEqual([{ id: path, skipped: false }]);
    expect(outcomes[0]?.difference).not.toBeNull();
  }
});
