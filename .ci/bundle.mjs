// Programs of the tests, bundled for Node as the app is: what a loader adds to each access of an import is not theirs.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { root } from './steps.mjs';

/**
 * Bundles the entries into a folder of test-results, and imports the one named `run`.
 * @template T
 * @param {string} folder
 * @param {{ entries: Record<string, string> & { run: string }, external: string[] }} program
 * @returns {Promise<T>}
 */
export async function runBundled(folder, { entries, external }) {
  const outDir = join(root, 'test-results', folder);
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
        input: entries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    ssr: { noExternal: true, external },
  });
  return import(pathToFileURL(join(outDir, 'run.js')).href);
}
