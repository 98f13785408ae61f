import { expect, test } from 'vitest';
import { allowedType, checkFile, isForTicket, type Limits } from '../../../../renderer/pages/drop/limits.ts';

const MB = 1024 ** 2;
const limits: Limits = { sizeBytes: { min: 1, max: 10 * MB }, contentTypes: [] };

function chosen(size: number, name = 'a.bin', type = '') {
  return { file: { size, name, type } as File, path: name };
}

test.each([
  [0, { kind: 'empty' }],
  [1, null],
  [10 * MB, null],
  [10 * MB + 1, { kind: 'too-large', limit: 10 * MB }],
])('a file of %d bytes: %j', (size, problem) => {
  expect(checkFile(chosen(size), limits, [])).toEqual(problem);
});

test('the least size of a form is told', () => {
  const sizeBytes = { min: 100, max: 1000 };
  expect(checkFile(chosen(99), { ...limits, sizeBytes }, [])).toEqual({ kind: 'too-small', limit: 100 });
});

test.each([
  [50 * MB, true],
  [100 * MB, true],
  [101 * MB, false],
  [5 * MB, false],
])('with room for 100 MB in parts, %d bytes go in parts: %s', (size, inParts) => {
  expect(isForTicket(size, limits, [100 * MB])).toBe(inParts);
});

test('a large file goes in parts even where the form takes it', () => {
  const wide = { ...limits, sizeBytes: { min: 1, max: 5000 * MB } };
  expect([99, 100].map((size) => isForTicket(size * MB, wide, [1000 * MB]))).toEqual([false, true]);
});

test('what goes in parts has an allowed type, too, which OSS doesn’t check there', () => {
  const images = { ...limits, contentTypes: ['image/png'] };
  expect(checkFile(chosen(50 * MB, 'film.mov'), images, [100 * MB])).toEqual({ kind: 'type' });
  expect(checkFile(chosen(50 * MB, 'scan.png'), images, [100 * MB])).toBeNull();
});

test('a file too large for both is told the larger of their limits', () => {
  expect(checkFile(chosen(200 * MB), limits, [20 * MB, 100 * MB])).toEqual({ kind: 'too-large', limit: 100 * MB });
});

test.each([
  ['a.png', 'image/png', ['image/png'], 'image/png'],
  ['a.PNG', '', ['image/png'], 'image/png'],
  ['a.csv', 'application/vnd.ms-excel', ['text/csv'], 'text/csv'],
  ['a.jpg', 'IMAGE/JPEG', ['image/jpeg'], 'image/jpeg'],
  ['a.docx', '', ['application/pdf'], null],
  ['a', '', ['application/octet-stream'], 'application/octet-stream'],
  ['a.png', 'image/png', ['application/octet-stream'], null],
  ['constructor', '', ['image/png'], null],
  ['a.constructor', '', ['image/png'], null],
])('%s of type %j, where %j are allowed, is sent as %j', (name, type, allowed, sent) => {
  expect(allowedType({ name, type }, allowed)).toBe(sent);
});
