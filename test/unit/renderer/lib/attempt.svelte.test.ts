import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import { Attempt } from '../../../../renderer/lib/attempt.svelte.ts';
import { CallFailed } from '../../../../renderer/lib/bridge.ts';
import { makeGate } from '../making.ts';

const failure = { kind: 'network', reason: 'reset' } as const;

describe('an attempt', () => {
  test('is busy until it is done, and hands over its answer', async () => {
    const attempt = new Attempt();
    const gate = makeGate<number>();
    const taken: number[] = [];
    const run = attempt.run(
      () => gate.answer,
      (answer) => taken.push(answer),
    );
    expect(attempt.busy).toBe(true);
    gate.open(7);
    expect(await run).toBe(true);
    expect([attempt.busy, attempt.failure, taken]).toEqual([false, null, [7]]);
  });

  test('shows why it failed, until the next one begins', async () => {
    const attempt = new Attempt();
    expect(await attempt.run(() => Promise.reject(new CallFailed(failure)))).toBe(false);
    expect([attempt.busy, attempt.failure]).toEqual([false, failure]);
    const run = attempt.run(() => Promise.resolve());
    expect(attempt.failure).toBeNull();
    expect(await run).toBe(true);
  });

  test('is refused while another is under way', async () => {
    const attempt = new Attempt();
    const gate = makeGate<null>();
    const first = attempt.run(() => gate.answer);
    expect(await attempt.run(() => Promise.resolve(null))).toBe(false);
    expect(attempt.busy).toBe(true);
    gate.open(null);
    expect(await first).toBe(true);
  });

  test('that is made again counts instead of the one before, whichever ends first', async () => {
    const attempt = new Attempt();
    const [older, newer] = [makeGate<string>(), makeGate<string>()];
    const taken: string[] = [];
    const runs = [older, newer].map(({ answer }) =>
      attempt.rerun(
        () => answer,
        (text) => taken.push(text),
      ),
    );
    older.fail(new CallFailed(failure));
    expect(await runs[0]).toBe(false);
    expect([attempt.busy, attempt.failure]).toEqual([true, null]);
    newer.open('newer');
    expect(await runs[1]).toBe(true);
    expect([attempt.busy, taken]).toEqual([false, ['newer']]);
  });

  test('whose outcome is discarded stays busy, so that nothing is created twice', async () => {
    const attempt = new Attempt();
    const gate = makeGate<string>();
    const taken: string[] = [];
    const run = attempt.run(
      () => gate.answer,
      (text) => taken.push(text),
    );
    attempt.discard();
    expect(attempt.busy).toBe(true);
    gate.open('late');
    expect(await run).toBe(false);
    expect([attempt.busy, taken]).toEqual([false, []]);
  });

  test('that is dropped leaves room for the next at once', async () => {
    const attempt = new Attempt();
    const [older, newer] = [makeGate<string>(), makeGate<string>()];
    const run = attempt.run(() => older.answer);
    attempt.drop();
    expect(attempt.busy).toBe(false);
    const next = attempt.run(() => newer.answer);
    older.fail(new CallFailed(failure));
    await run;
    expect([attempt.busy, attempt.failure]).toEqual([true, null]);
    newer.open('');
    expect(await next).toBe(true);
  });

  test('that an effect makes is made once', async () => {
    const attempt = new Attempt();
    let count = 0;
    const stop = $effect.root(() => {
      $effect(() => {
        void attempt.run(() => Promise.resolve((count += 1)));
      });
    });
    flushSync();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    flushSync();
    stop();
    expect(count).toBe(1);
  });
});
