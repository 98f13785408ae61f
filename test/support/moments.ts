import { expect } from 'vitest';

/** OSS and its Date header count in whole seconds, each of them rounded in its own way. */
const ROUNDED_MS = 2000;

/**
 * Expects a moment to lie `offsetMs` after one between `startedAt` and now, however long the test took: Unix
 * milliseconds.
 */
export function expectMoment(moment: number | null, startedAt: number, offsetMs: number): void {
  expect(moment).toBeGreaterThanOrEqual(startedAt + offsetMs - ROUNDED_MS);
  expect(moment).toBeLessThanOrEqual(Date.now() + offsetMs + ROUNDED_MS);
}
