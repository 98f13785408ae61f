import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

function runVectors(...args: string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync('npm', ['run', '-s', 'vectors', '--', ...args], { cwd: root, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('files of any of the shapes are checked, and only records that follow the algorithm are counted', () => {
  const { status, lines } = runVectors('test/vectors/signing-v4.json', 'test/vectors/sts-rpc.json');
  expect(lines).toEqual(['194 passed, 0 failed']);
  expect(status).toBe(0);
});

test('the ids of records that differ are printed before the closing line, and the exit code says so', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'vectors-')), 'crc64.json');
  const content = readFileSync(join(root, 'test/vectors/crc64.json'), 'utf8');
  const changed = JSON.parse(content) as { crc: { id: string; crc64: string }[] };
  for (const record of changed.crc.slice(0, 2)) record.crc64 = '1';
  writeFileSync(file, JSON.stringify(changed));
  const { status, lines } = runVectors(file);
  expect(lines).toEqual([...changed.crc.slice(0, 2).map(({ id }) => id), '64 passed, 2 failed']);
  expect(status).toBe(1);
});
