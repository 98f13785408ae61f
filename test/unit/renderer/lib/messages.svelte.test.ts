import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';

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
