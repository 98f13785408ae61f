// npm run -s vectors -- FILE…: checks signatures and CRCs made by the official SDKs against ours.
// Prints the id of each record that differs (what differs goes to stderr), then one line.
import { filesToCheck, importTypeScript } from './checked-files.mjs';

/** @type {typeof import('../test/vectors/run.ts')} */
const { checkFile } = await importTypeScript('test/vectors/run.ts');

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of filesToCheck('test/vectors')) {
  for (const outcome of await checkFile(file)) {
    if (outcome.skipped) skipped += 1;
    else if (outcome.difference === null) passed += 1;
    else {
      failed += 1;
      console.log(outcome.id);
      console.error(`${outcome.id}: ${outcome.difference}`);
    }
  }
}
if (skipped > 0) console.error(`${skipped} records skipped: they do not follow the documented algorithm`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
