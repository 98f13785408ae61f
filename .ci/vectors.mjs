// npm run -s vectors -- FILE…: checks signatures and CRCs made by the official SDKs against ours.
// Prints the id of each record that differs (what differs goes to stderr), then one line.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'test/vectors');
// npm runs this in the project's folder: a relative path is meant from where npm was called.
const given = process.argv.slice(2).map((file) => resolve(process.env['INIT_CWD'] ?? process.cwd(), file));
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(folder, name));

// Node 20 cannot run TypeScript, so Vite compiles it on the way.
/** @type {{ module: typeof import('../test/vectors/run.ts') }} */
const { module } = await runnerImport(join(folder, 'run.ts'), { root, configFile: false, logLevel: 'silent' });

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of files) {
  for (const outcome of await module.checkFile(file)) {
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
