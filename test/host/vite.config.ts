import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/** `import source from './x.ts?script'` gives x.ts and all it imports as one script, for a page to run. */
const scripts: Plugin = {
  name: 'scripts',
  async load(id) {
    const [file = '', query] = id.split('?');
    if (query !== 'script') return null;
    this.addWatchFile(file);
    const output = await build({
      configFile: false,
      root,
      logLevel: 'warn',
      // Unminified: the host looks for the function callHost, and for the `debugger` in it.
      build: {
        write: false,
        minify: false,
        target: 'chrome140',
        lib: { entry: file, formats: ['iife'], name: 'script' },
      },
    });
    const [bundle] = [output].flat();
    const code = bundle !== undefined && 'output' in bundle ? bundle.output[0].code : '';
    return `export default ${JSON.stringify(code)};`;
  },
};

/** Electron looks for a file of this name in its folder, and runs it. */
const executable: Plugin = {
  name: 'executable',
  writeBundle: ({ dir }) => chmod(path.join(dir ?? '', 'electron'), 0o755),
};

export default defineConfig({
  root,
  logLevel: 'warn',
  plugins: [scripts, executable],
  ssr: { noExternal: true },
  build: {
    ssr: 'boot.ts',
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      output: { format: 'es', entryFileNames: 'electron', banner: '#!/usr/bin/env node', codeSplitting: false },
    },
  },
});
