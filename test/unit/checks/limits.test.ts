import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

test.each(['main/http', 'main/oss'])(
  'what %s names MAX_, MOST_, LONGEST_ or a timeout is in its table, limits.ts',
  (folder) => {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && name !== 'limits.ts',
    );
    const limits = files.flatMap((name) => {
      const lines = readFileSync(join(root, folder, name), 'utf8').split('\n');
      return lines.filter((line) => /^(export )?const (MAX|MOST|LONGEST)_|^(export )?const \w*TIMEOUT/.test(line));
    });
    // How many threads run, and how many buffers they keep, is nothing that a server decides.
    expect(limits.filter((line) => !/ MAX_(THREADS|SPARE_BUFFERS) /.test(line))).toEqual([]);
  },
);
