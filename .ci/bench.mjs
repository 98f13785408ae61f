// npm run bench -- presign transfer: measures and writes test/bench/RESULTS.md.
// npm run bench -- 'transfer:put 1 × 1 GiB': one case, printed only.
import { join } from 'node:path';
import { build } from 'vite';
import { runBundled } from './bundle.mjs';
import { root } from './steps.mjs';

const folder = 'bench';
/** @type {typeof import('../test/bench/run.ts')} */
const { runBench } = await runBundled(folder, {
  entries: {
    run: 'test/bench/run.ts',
    client: 'test/bench/transfer/client.ts',
    server: 'test/bench/transfer/server.ts',
    'queue-client': 'test/bench/queue/client.ts',
    'list-server': 'test/bench/list/server.ts',
    'sync-client': 'test/bench/sync/client.ts',
    'sync-server': 'test/bench/sync/server.ts',
    'thumbnail-server': 'test/bench/thumbnails/server.ts',
  },
  external: ['ali-oss', 'playwright'],
});
await build({
  root,
  configFile: join(root, 'vite.config.ts'),
  mode: 'worker',
  logLevel: 'warn',
  build: { outDir: join(root, 'test-results', folder) },
});
process.exitCode = await runBench(process.argv.slice(2), join(root, 'test/bench/RESULTS.md'));
