import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Messages, toLocale } from '../../../../renderer/lib/messages.svelte.ts';

test('whatever shows a message follows a change of the language', () => {
  const messages = new Messages('en');
  const shown: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      shown.push(messages.text('common.cancel'));
    });
  });
  flushSync();
  messages.locale = 'zh-CN';
  flushSync();
  expect(shown).toEqual(['Cancel', '取消']);
  stop();
});

test('text that is filled in is never taken for markup or syntax', () => {
  const name = '<b>{name}</b>';
  expect(new Messages('en').text('browse.link-copied', { name })).toBe(`Link to “${name}” copied`);
});

test('plurals follow the count', () => {
  const { text } = new Messages('en');
  expect(text('browse.items', { count: 1, shown: '1' })).toBe('1 item');
  expect(text('browse.items', { count: 1200, shown: '1,200' })).toBe('1,200 items');
});

test.each([
  ['system', 'zh-Hans-CN', 'zh-CN'],
  ['system', 'de-DE', 'en'],
  ['en', 'zh-CN', 'en'],
  ['zh-CN', 'en-US', 'zh-CN'],
] as const)('%s on a %s system is %s', (chosen, system, locale) => {
  expect(toLocale(chosen, system)).toBe(locale);
});
