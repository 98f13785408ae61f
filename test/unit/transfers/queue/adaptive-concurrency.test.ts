import { expect, test } from 'vitest';
import { AdaptiveConcurrency } from '../../../../main/transfers/queue/adaptive-concurrency.ts';

const SLOTS = 3;
const MiB = 1024 ** 2;

/** A network: how long a request takes that goes out while so many others are under way, in milliseconds. */
type Network = (underWay: number) => number;

/** Sends `count` files through a simulated network, as many at a time as the limit allows, and gives what it found. */
function simulate(concurrency: AdaptiveConcurrency, clock: { now: number }, network: Network, count: number): number {
  const ends: number[] = [];
  let sent = 0;
  while (sent < count || ends.length > 0) {
    const limit = concurrency.perSlot * SLOTS;
    while (sent < count && ends.length < limit) {
      ends.push(clock.now + network(ends.length + 1));
      sent += 1;
    }
    ends.sort((a, b) => a - b);
    const running = ends.length;
    clock.now = Math.max(clock.now, ends.shift() ?? 0);
    concurrency.onFinished(MiB, running, limit);
  }
  return concurrency.perSlot;
}

function makeConcurrency() {
  const clock = { now: 0 };
  return { clock, concurrency: new AdaptiveConcurrency(() => clock.now) };
}

/** Each answer takes its time, whatever else is under way. */
const longWay: Network = () => 50;
/** A line that is full with a few already: each gets its share. */
const fullLine: Network = (underWay) => 4 * underWay;

test('on a network with long ways more and more small transfers run together, up to a bound', () => {
  const { clock, concurrency } = makeConcurrency();
  expect(simulate(concurrency, clock, longWay, 2_000)).toBe(8);
  expect(simulate(concurrency, clock, longWay, 20_000)).toBe(8);
});

test('where the line is full, more of them are tried now and then, and taken back', () => {
  const { clock, concurrency } = makeConcurrency();
  const levels: number[] = [];
  const noting: Network = (underWay) => {
    levels.push(concurrency.perSlot);
    return fullLine(underWay);
  };
  simulate(concurrency, clock, noting, 20_000);
  expect(new Set(levels)).toEqual(new Set([4, 8]));
  expect(levels.filter((level) => level === 4).length / levels.length).toBeGreaterThan(0.9);
});

test('what breaks halves their number, and for a while nothing is tried', () => {
  const { clock, concurrency } = makeConcurrency();
  simulate(concurrency, clock, longWay, 2_000);
  concurrency.onFailed();
  expect(concurrency.perSlot).toBe(4);
  expect(simulate(concurrency, clock, longWay, 500)).toBe(4);
  expect(simulate(concurrency, clock, longWay, 5_000)).toBe(8);
});

test('as long as there is room for more nothing is concluded', () => {
  const { clock, concurrency } = makeConcurrency();
  for (let index = 0; index < 1_000; index += 1) {
    clock.now += 10;
    concurrency.onFinished(MiB, 3, 12);
  }
  expect(concurrency.perSlot).toBe(4);
});

test('another least counts at once, and bounds what is tried', () => {
  const { clock, concurrency } = makeConcurrency();
  simulate(concurrency, clock, longWay, 2_000);
  concurrency.setMinimum(1);
  expect(concurrency.perSlot).toBe(1);
  expect(simulate(concurrency, clock, longWay, 2_000)).toBe(2);
});

/** Finishes transfers one after the other, and returns the level after each. */
function finish(
  { clock, concurrency }: ReturnType<typeof makeConcurrency>,
  count: number,
  { sizeBytes, everyMs }: { readonly sizeBytes: number; readonly everyMs: number },
): readonly number[] {
  const limit = concurrency.perSlot * SLOTS;
  return Array.from({ length: count }, () => {
    clock.now += everyMs;
    concurrency.onFinished(sizeBytes, limit, limit);
    return concurrency.perSlot;
  });
}

test('nothing is concluded before two rounds are through, each time', () => {
  const made = makeConcurrency();
  const steady = { sizeBytes: MiB, everyMs: 1_000 };
  expect(finish(made, 24, steady).lastIndexOf(4)).toBe(22);
  // As fast as before: that brings nothing, and is taken back.
  expect(finish(made, 48, steady).lastIndexOf(8)).toBe(46);
});

test('nothing is concluded within a tenth of a second', () => {
  const made = makeConcurrency();
  expect(finish(made, 100, { sizeBytes: MiB, everyMs: 1 }).lastIndexOf(4)).toBe(99);
  expect(finish(made, 1, { sizeBytes: MiB, everyMs: 1 })).toEqual([8]);
});

test('a request costs something by itself: empty files that go faster are a gain too', () => {
  const made = makeConcurrency();
  finish(made, 24, { sizeBytes: 64 * 1024, everyMs: 12 });
  expect(made.concurrency.perSlot).toBe(8);
  finish(made, 48, { sizeBytes: 0, everyMs: 4 });
  expect(made.concurrency.perSlot).toBe(8);
});
