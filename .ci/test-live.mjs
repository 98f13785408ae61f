// npm run test:live: tries the real service, in a bucket of its own, and writes a report. Without an account in the
// environment it prints what to set, and ends with 0.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { root } from './steps.mjs';

const outDir = join(root, 'test-results/live-program');

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir,
    rolldownOptions: { input: { run: 'test/live/run.ts' }, output: { format: 'es', entryFileNames: '[name].js' } },
  },
  ssr: { noExternal: true, external: ['@alicloud/sts20150401', 'httpx'] },
});
/** @type {typeof import('../test/live/run.ts')} */
const { runLive } = await import(pathToFileURL(join(outDir, 'run.js')).href);

const stop = new AbortController();
process.once('SIGINT', () => {
  console.log('stopping: what was made is being removed');
  stop.abort();
});
process.exitCode = await runLive({
  environment: process.env,
  folder: process.env['OSS_TEST_REPORTS'] ?? join(root, 'test-results/live'),
  print: console.log,
  stop: stop.signal,
});
