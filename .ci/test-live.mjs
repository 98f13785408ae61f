// npm run test:live: tries the real service, in a bucket of its own, and writes a report. Without an account in the
// environment it prints what to set, and ends with 0.
import { join } from 'node:path';
import { runBundled } from './bundle.mjs';
import { root } from './steps.mjs';

/** @type {typeof import('../test/live/run.ts')} */
const { runLive } = await runBundled('live-program', {
  entries: { run: 'test/live/run.ts' },
  external: ['@alicloud/sts20150401', 'httpx'],
});

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
