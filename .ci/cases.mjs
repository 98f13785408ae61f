// npm run -s cases -- FILE…: checks files of inputs and results (test/cases/README.md says what they look like).
// Prints each case that differs, one a line, then "N passed, M failed". Exits with 2 for a file that it can't check.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'test/cases');
// npm runs this in the project's folder: a relative path is meant from where npm was called.
const given = process.argv.slice(2).map((file) => resolve(process.env['INIT_CWD'] ?? process.cwd(), file));
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(folder, name));

// Node 20 can't run TypeScript, so Vite compiles it on the way.
/** @type {{ module: typeof import('../test/cases/run.ts') }} */
const { module } = await runnerImport(join(folder, 'run.ts'), { root, configFile: false, logLevel: 'silent' });

let passed = 0;
let failed = 0;
let isForeign = false;
for (const file of files) {
  try {
    for (const { id, difference } of await module.checkFile(file)) {
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
