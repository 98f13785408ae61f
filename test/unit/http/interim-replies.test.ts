import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InterimReplies } from '../../../main/http/interim-replies.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const endless: unknown = expect.objectContaining({
  failure: expect.objectContaining({ cause: 'not-oss' }) as unknown,
});

test('sixteen interim replies may come, and not one more', () => {
  const interim = new InterimReplies();
  for (let count = 0; count < 16; count += 1) interim.note();
  expect(() => interim.note()).toThrow(endless);
});

test('one may come up to half a minute after the first, so that slow ones have an end too', () => {
  const interim = new InterimReplies();
  interim.note();
  vi.advanceTimersByTime(30_000);
  interim.note();
  vi.advanceTimersByTime(1);
  expect(() => interim.note()).toThrow(endless);
});
