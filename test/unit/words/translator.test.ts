import { expect, test } from 'vitest';
import { translator } from '../../../main/words/translator.ts';

test('text that is filled in is never taken for markup or syntax', () => {
  const name = '<b>{name}</b>';
  expect(translator('en').text('browse.link-copied', { name })).toBe(`Link to “${name}” copied`);
});

test('plurals follow the count', () => {
  const { text } = translator('en');
  expect(text('browse.items', { count: 1, shown: '1' })).toBe('1 item');
  expect(text('browse.items', { count: 1200, shown: '1,200' })).toBe('1,200 items');
});
