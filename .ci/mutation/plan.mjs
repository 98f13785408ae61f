// Which tests run for which fault, and in which order.

/** @typedef {import('./worker.mjs').FileResult} FileResult */
/**
 * Tests of one file for a fault. `all`: every test of the file that passes without a fault. `ms`: how long `testIds`
 * take without a fault.
 * @typedef {{ project: string, path: string, testIds: readonly string[], all: readonly string[], ms: number }} Step
 */

/** A fault is given up as unseen after tests that take this long without a fault, in milliseconds. */
const MAX_STEPS_MS = 30_000;

/**
 * The steps for a fault, most promising first.
 * @param {string} file
 * @param {{ mark: number, isAtLoading: boolean }} place
 * @param {readonly FileResult[]} results
 * @returns {readonly Step[]}
 */
export function stepsOf(file, { mark, isAtLoading }, results) {
  const steps = results.flatMap((result) => stepOf(result, mark, isAtLoading) ?? []);
  let sum = 0;
  return steps
    .toSorted((a, b) => rank(a, file) - rank(b, file) || a.ms - b.ms)
    .filter(({ ms }, index) => {
      if (index > 0 && sum + ms > MAX_STEPS_MS) return false;
      sum += ms;
      return true;
    });
}

/**
 * The tests of a file that pass a mark, or all of them if a hook or the loading of a module passes it. Of a fault that
 * is reached at loading, the mark means that a function of the module is entered: then loading proves nothing.
 * @param {FileResult} result
 * @param {number} mark
 * @param {boolean} isAtLoading
 * @returns {Step | null}
 */
function stepOf({ project, path, ms, marks, tests }, mark, isAtLoading) {
  const whole = tests.filter(({ failed }) => !failed);
  const passing = whole.filter((test) => test.marks.includes(mark));
  const isInHook = marks.includes(mark) && !(isAtLoading && passing.length > 0);
  const chosen = isInHook ? whole : passing;
  if (chosen.length === 0) return null;
  const spared = tests.reduce((sum, test) => sum + (chosen.includes(test) ? 0 : test.ms), 0);
  const all = whole.map(({ id }) => id);
  return { project, path, testIds: chosen.map(({ id }) => id), all, ms: ms - spared };
}

/**
 * Unit tests come first, those of the same room before the others.
 * @param {Step} step
 * @param {string} file
 */
function rank({ project, path }, file) {
  const [, room] = file.split('/');
  return (project === 'unit' ? 0 : 2) + (path.includes(`/${room}/`) ? 0 : 1);
}
