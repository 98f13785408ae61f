// npm run -s cases -- FILE…: checks files of inputs and results (test/cases/README.md says what they look like).
// Prints each case that differs, one a line, then "N passed, M failed". Exits with 2 for a file that it can't check.
import { filesToCheck, importTypeScript } from './checked-files.mjs';

/** @type {typeof import('../test/cases/run.ts')} */
const { checkFile } = await importTypeScript('test/cases/run.ts');

let passed = 0;
let failed = 0;
let isForeign = false;
for (const file of filesToCheck('test/cases')) {
  try {
    for (const { id, difference } of await checkFile(file)) {
      if (difference === null) passed += 1;
      else {
        failed += 1;
        console.log(`${id}: ${difference}`);
      }
    }
  } catch (error) {
    isForeign = true;
    console.error(error instanceof Error ? error.message : String(error));
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = isForeign ? 2 : failed > 0 ? 1 : 0;
