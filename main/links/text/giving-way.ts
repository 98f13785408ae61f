import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work goes on before other work has its turn, in milliseconds. */
const TURN_MS = 10;

/** Carries out work that a generator cuts into steps, and gives way to other work between them. */
export async function givingWay<T>(steps: Iterator<unknown, T>): Promise<T> {
  let turnEnds = performance.now() + TURN_MS;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    turnEnds = performance.now() + TURN_MS;
  }
}

/** Carries out such work at once. */
export function atOnce<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
