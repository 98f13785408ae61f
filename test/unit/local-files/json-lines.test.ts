import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JsonLines } from '../../../main/local-files/json-lines.ts';
import { withFileLimit } from '../../support/file-limit.ts';
import type { LineFormat, LineReplay, UnknownLine } from '../../../main/local-files/line-format.ts';

const schema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), key: z.string(), value: z.string() }),
  z.object({ op: z.literal('remove'), key: z.string() }),
]);
type Line = z.infer<typeof schema>;
const format: LineFormat<Line> = { name: 'test', version: 1, schema };

/** The simplest state: keys and values. */
class Values implements LineReplay<Line> {
  readonly values = new Map<string, string>();
  readonly unknown: UnknownLine[] = [];
  apply(line: Line): void {
    if (line.op === 'set') this.values.set(line.key, line.value);
    else this.values.delete(line.key);
  }
  keep(line: UnknownLine): void {
    this.unknown.push(line);
  }
  *lines(): Generator<Line | UnknownLine> {
    for (const [key, value] of this.values) yield { op: 'set', key, value };
    yield* this.unknown;
  }
}

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-lines-'));
  path = join(folder, 'lines.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  const { file, replay, troubles } = JsonLines.open(path, format, () => new Values());
  return { file, troubles, values: replay.values, keys: [...replay.values.keys()] };
}

const set = (key: string, value = ''): Line => ({ op: 'set', key, value });
const linesIn = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const header = '{"format":"test","version":1}';

/** Writes a file of these lines, each ended. */
const write = (...lines: readonly string[]): void => writeFileSync(path, lines.map((line) => `${line}\n`).join(''));

test('what was appended comes back in order, after a line that names the format', async () => {
  const { file } = open();
  file.append([set('键', 'line\nbreak')]);
  file.append([set('b'), { op: 'remove', key: 'b' }]);
  await file.sync();
  await file.close();
  expect([...open().values]).toEqual([['键', 'line\nbreak']]);
  expect(linesIn(path)[0]).toBe(header);
});

test('a file without that line has version 1 and gets one', () => {
  write('{"op":"set","key":"a","value":""}');
  expect(open()).toMatchObject({ keys: ['a'], troubles: [] });
  expect(linesIn(path)[0]).toBe(header);
});

describe('a last line without an end', () => {
  test('is dropped and told if it was cut off, and the next one does not join it', () => {
    write(header, '{"op":"set","key":"a","value":""}');
    appendFileSync(path, '{"op":"set","key":"b","va');
    const { file, troubles } = open();
    expect(troubles).toEqual([{ kind: 'incomplete', path }]);
    file.append([set('c')]);
    expect(open()).toMatchObject({ keys: ['a', 'c'], troubles: [] });
  });

  test('counts if it is whole', () => {
    write(header);
    appendFileSync(path, '{"op":"set","key":"b","value":""}');
    const { file, troubles } = open();
    expect(troubles).toEqual([]);
    file.append([set('c')]);
    expect(open().keys).toEqual(['b', 'c']);
  });
});

describe('damage is skipped, kept aside and told once', () => {
  test.each([
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a field of another type', '{"op":"set","key":5,"value":""}'],
    ['a missing field', '{"op":"remove"}'],
    ['a kind that is no text', '{"op":7}'],
    ['zeros', '\0\0\0\0'],
    ['a line that is too long', `{"op":"set","key":"long","value":"${'x'.repeat(17 * 1024 ** 2)}"}`],
  ])('%s', (_, line) => {
    write(header, '{"op":"set","key":"a","value":""}', line, '{"op":"set","key":"b","value":""}');
    const before = readFileSync(path);
    const { keys, troubles } = open();
    expect(keys).toEqual(['a', 'b']);
    const [aside = ''] = readdirSync(folder).filter((name) => name.includes('damaged'));
    expect(troubles).toEqual([{ kind: 'damaged', path, setAside: join(folder, aside) }]);
    expect(before.equals(readFileSync(join(folder, aside)))).toBe(true);
    expect(open()).toMatchObject({ keys: ['a', 'b'], troubles: [] });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('bytes that are not UTF-8', () => {
    write(header);
    appendFileSync(path, Buffer.from('{"op":"set","key":"\xff","value":""}\n', 'latin1'));
    expect(open()).toMatchObject({ keys: [], troubles: [{ kind: 'damaged' }] });
  });

  test.each([
    ['an empty file', ''],
    ['a line that was cut off and nothing else', '{"op":"set","key":"a'],
    ['a file of another program', '[Desktop]\nIcon=7\n'],
    ['a file of another format', '{"format":"other","version":1}\n'],
  ])('%s', (_, text) => {
    writeFileSync(path, text);
    expect(open()).toMatchObject({ keys: [], troubles: [{ kind: 'damaged' }] });
    expect(open().troubles).toEqual([]);
  });

  test('a folder in its place', () => {
    mkdirSync(join(path, 'inside'), { recursive: true });
    const { file, troubles } = open();
    const [aside = ''] = readdirSync(folder).filter((name) => name.includes('damaged'));
    expect(troubles).toEqual([{ kind: 'damaged', path, setAside: join(folder, aside) }]);
    expect(readdirSync(join(folder, aside))).toEqual(['inside']);
    file.append([set('a')]);
    expect(open().keys).toEqual(['a']);
  });

  test('600 MB without a line end, in little memory', () => {
    write(header, '{"op":"set","key":"a","value":""}');
    truncateSync(path, 600 * 1024 ** 2);
    const before = process.memoryUsage().arrayBuffers;
    expect(open()).toMatchObject({ keys: ['a'], troubles: [{ kind: 'incomplete' }] });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 ** 2);
    expect(statSync(path).size).toBeLessThan(1000);
  });
});

describe('what a newer version wrote', () => {
  const unknown = '{"op":"teleport","key":"a","to":{"planet":"Mars"}}';

  test('a kind of line that this one lacks stays in the file and is told, through a rewrite too', () => {
    write(unknown, '{"op":"set","key":"a","value":""}', 'damaged');
    expect(open().troubles.map(({ kind }) => kind)).toEqual(['newer', 'damaged']);
    expect(linesIn(path)).toContain(unknown);
    expect(open()).toMatchObject({ keys: ['a'], troubles: [{ kind: 'newer', path }] });
  });

  test('a file of a higher version is continued and never rewritten', () => {
    write(
      '{"format":"test","version":2}',
      '{"op":"set","key":{"new":1}}',
      '{"op":"set","key":"a","value":"","more":1}',
    );
    const { file, keys, troubles } = open();
    expect({ keys, troubles }).toEqual({ keys: ['a'], troubles: [{ kind: 'newer', path }] });
    const before = readFileSync(path, 'utf8');
    file.append([set('b')]);
    expect(readFileSync(path, 'utf8')).toBe(`${before}{"op":"set","key":"b","value":""}\n`);
    expect(open().keys).toEqual(['a', 'b']);
  });
});

test.skipIf(process.platform !== 'linux')(
  'an append that fails half way leaves nothing, and the next one is whole',
  async () => {
    const { file } = open();
    file.append([set('a')]);
    const before = readFileSync(path, 'utf8');
    await withFileLimit(before.length + 20, () => {
      expect(() => file.append([set('b'), set('c')])).toThrow(
        expect.objectContaining({ failure: { kind: 'file', reason: 'full', path } }),
      );
    });
    expect(readFileSync(path, 'utf8')).toBe(before);
    file.append([set('d')]);
    expect(open()).toMatchObject({ keys: ['a', 'd'], troubles: [] });
  },
);

describe('obsolete lines', () => {
  test('go when the file is opened', () => {
    const { file } = open();
    for (let at = 0; at < 300; at += 1) file.append([set('a', String(at))]);
    open();
    expect(linesIn(path)).toEqual([header, '{"op":"set","key":"a","value":"299"}']);
  });

  test('go while it is open, and lines that arrive meanwhile stay, in order', async () => {
    const { file } = open();
    const value = 'x'.repeat(10_000);
    const written = new Map<string, string>();
    let largest = 0;
    for (let at = 0; at < 3000; at += 1) {
      const key = String(at % 50);
      written.set(key, `${at} ${value}`);
      file.append([set(key, `${at} ${value}`)]);
      largest = Math.max(largest, statSync(path).size);
      if (at % 7 === 0) await file.sync();
    }
    await file.close();
    // 30 MB were appended; half a megabyte is needed.
    expect(largest).toBeLessThan(12 * 1024 ** 2);
    const again = open();
    expect(again.troubles).toEqual([]);
    expect([...again.values].sort()).toEqual([...written].sort());
  });

  test('a compaction that the end of the process interrupts changes nothing', async () => {
    const { file } = open();
    for (let at = 0; at < 600; at += 1) file.append([set(String(at % 3), `${at} ${'x'.repeat(10_000)}`)]);
    await file.close();
    expect(open().keys.sort()).toEqual(['0', '1', '2']);
  });
});

test('what can not be written is told at once, and appending fails', () => {
  path = join(folder, 'missing', 'lines.jsonl');
  const { file, troubles } = open();
  expect(troubles).toEqual([{ kind: 'unsaved', path }]);
  expect(() => file.append([set('a')])).toThrow('file: missing');
  mkdirSync(join(folder, 'missing'));
  file.append([set('b')]);
  expect(open().keys).toEqual(['b']);
});
