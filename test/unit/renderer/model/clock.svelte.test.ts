import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { formatRelative } from '../../../../main/words/format.ts';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../renderer/model/make-app.ts';
import { answering } from '../answering.ts';
import { makeInfo } from '../making.ts';

const now = Date.UTC(2026, 10, 24, 12);

beforeEach(() => {
  vi.useFakeTimers({ now });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs an effect that shows `words`, and returns everything it has shown. */
function watch(words: () => string): { readonly shown: readonly string[]; readonly stop: () => void } {
  const shown: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      shown.push(words());
    });
  });
  return { shown, stop };
}

describe('the clocks of a window', () => {
  test('move “5 min ago” on, once a minute', async () => {
    const { minutes } = makeApp(makeInfo(), new Messages('en'), answering({}));
    const { shown, stop } = watch(() => formatRelative(now - 5 * 60_000, minutes.now, 'en'));
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    stop();
    expect(shown).toEqual([5, 6, 7].map((ago) => formatRelative(now - ago * 60_000, now, 'en')));
  });

  test('count down by the second', async () => {
    const { clock } = makeApp(makeInfo(), new Messages('en'), answering({}));
    const { shown, stop } = watch(() => String((now + 3000 - clock.now) / 1000));
    await vi.advanceTimersByTimeAsync(3000);
    stop();
    expect(shown).toEqual(['3', '2', '1', '0']);
  });

  test('stand still while nothing shows them', async () => {
    const { clock, minutes } = makeApp(makeInfo(), new Messages('en'), answering({}));
    const { stop } = watch(() => `${clock.now} ${minutes.now}`);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(2);
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
