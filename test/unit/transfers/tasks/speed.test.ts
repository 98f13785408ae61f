import { expect, test } from 'vitest';
import { SpeedMeter } from '../../../../main/transfers/tasks/speed.ts';

function meterOf(...samples: readonly (readonly [ms: number, bytes: number])[]): SpeedMeter {
  const meter = new SpeedMeter();
  for (const [ms, bytes] of samples) meter.add(bytes, ms);
  return meter;
}

test('without bytes there is no speed', () => {
  expect(new SpeedMeter().bytesPerSecond(1_000)).toBe(0);
});

test('the first moment gives no absurd speed', () => {
  expect(meterOf([1_000, 500]).bytesPerSecond(1_000)).toBe(2_000);
  expect(meterOf([1_000, 500]).bytesPerSecond(1_249)).toBe(2_000);
});

test('until the window is full, the time since the first bytes counts', () => {
  expect(meterOf([1_000, 500], [2_000, 500]).bytesPerSecond(2_000)).toBe(1_000);
  expect(meterOf([1_000, 100]).bytesPerSecond(1_300)).toBe(333);
});

test('after that only the last three seconds count, and a stall shows', () => {
  const meter = meterOf([0, 9_000], [1_000, 3_000], [4_000, 3_000]);
  expect(meter.bytesPerSecond(4_000)).toBe(2_000);
  expect(meter.bytesPerSecond(4_001)).toBe(1_000);
  expect(meter.bytesPerSecond(7_001)).toBe(0);
});

test('it begins anew', () => {
  const meter = meterOf([0, 9_000]);
  meter.clear();
  expect(meter.bytesPerSecond(100)).toBe(0);
  meter.add(500, 100);
  expect(meter.bytesPerSecond(600)).toBe(1_000);
});
