// Vitest runs this before each test file of the run that finds out which test passes which mark.
import { afterEach, beforeEach } from 'vitest';

const marks = new Uint8Array(Number(process.env['WAYBILL_MARKS']));
Object.assign(globalThis, { waybillMarks: marks });

/** Marks passed outside tests: when modules were loaded, or in hooks of the file. */
const ofFile = new Set();

beforeEach(() => {
  for (const mark of takeMarks()) ofFile.add(mark);
});

afterEach(({ task }) => {
  Object.assign(task.meta, { marks: takeMarks() });
  Object.assign(task.file.meta, { marks: [...ofFile] });
});

function takeMarks() {
  const passed = [...marks.keys()].filter((mark) => marks[mark] === 1);
  marks.fill(0);
  return passed;
}
