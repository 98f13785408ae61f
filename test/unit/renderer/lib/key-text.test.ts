import { expect, test } from 'vitest';
import { lastSegment, visibleSegment } from '../../../../renderer/lib/key-text.ts';

test('an empty segment, as in a//b, is shown as a slash', () => {
  expect(visibleSegment('')).toBe('/');
});

test('control characters are shown by their number', () => {
  expect(visibleSegment('a\u0007b\nc')).toBe('a⟨U+0007⟩b⟨U+000A⟩c');
});

test('a character that would turn the line round is shown, so that gpj.exe cannot pose as exe.jpg', () => {
  expect(visibleSegment('photo\u202Egpj.exe')).toBe('photo⟨U+202E⟩gpj.exe');
});

test('blanks at either end are shown, those inside stay', () => {
  expect(visibleSegment('  a b ')).toBe('␣␣a b␣');
});

test('emoji joined by a zero-width joiner, and every script, stay as they are', () => {
  for (const name of ['👩‍👩‍👧 family.jpg', 'תמונה של הים.png', '合同-最终版.docx', '<b>bold</b>']) {
    expect(visibleSegment(name)).toBe(name);
  }
});

test.each([
  ['a/b/c.txt', 'c.txt'],
  ['a/b/', 'b'],
  ['a//', ''],
  ['c.txt', 'c.txt'],
])('the last segment of %s is %s', (key, segment) => {
  expect(lastSegment(key)).toBe(segment);
});
