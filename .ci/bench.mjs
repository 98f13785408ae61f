// npm run bench -- presign transfer: measures and writes test/bench/RESULTS.md.
// npm run bench -- 'transfer:put 1 × 1 GiB': one case, printed only.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outDir = join(root, 'test-results/bench');

// Bundled as the app is: what a loader adds to each access of an import would be measured too.
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir,
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        run: 'test/bench/run.ts',
        client: 'test/bench/transfer/client.ts',
        server: 'test/bench/transfer/server.ts',
        'queue-client': 'test/bench/queue/client.ts',
        'list-server': 'test/bench/list/server.ts',
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['ali-oss', 'playwright'] },
});
await build({
  root,
  configFile: join(root, 'vite.config.ts'),
  mode: 'worker',
  logLevel: 'warn',
  build: { outDir },
});
/** @type {typeof import('../test/bench/run.ts')} */
const { runBench } = await import(pathToFileURL(join(outDir, 'run.js')).href);
process.exitCode = await runBench(process.argv.slice(2), join(root, 'test/bench/RESULTS.md'));
