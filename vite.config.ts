import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { crc64Code } from './main/crc64/crc64-code.ts';
import { codeCache } from './.ci/code-cache.mjs';
import { pageEnvironment, pageFile, pages, scriptText } from './.ci/pages.mjs';

/** Packages that stay outside main's bundle: Electron itself, and what must be found in node_modules at run time. */
const external = ['electron', 'electron-updater', 'httpx', 'keytar', /^@alicloud\//];

const LLHTTP = 'undici/lib/llhttp/llhttp-wasm.js';

/**
 * undici's parser as a module. It is CommonJS that exports a Buffer: bundled as that, each of its 54,000 bytes would
 * become a getter, which takes 70 ms at each start.
 */
const llhttp: Plugin = {
  name: 'llhttp',
  enforce: 'pre',
  resolveId: (source) => (source === LLHTTP ? `\0${LLHTTP}` : null),
  load(id) {
    if (id !== `\0${LLHTTP}`) return null;
    const program = createRequire(import.meta.url)(LLHTTP) as Buffer;
    return `export default Buffer.from('${program.toString('base64')}', 'base64');`;
  },
};

/** What Waybill takes from undici, by file: its index also evaluates fetch, mocks, caches and WebSocket at each start. */
const undiciFiles = {
  Agent: 'dispatcher/agent',
  Pool: 'dispatcher/pool',
  ProxyAgent: 'dispatcher/proxy-agent',
  Dispatcher: 'dispatcher/dispatcher',
  buildConnector: 'core/connect',
};

/**
 * undici without the parts that nothing here uses, whose evaluation takes a third of the command line's start. Fails the
 * build on a name that isn't listed. HTTP/2 is never negotiated (`allowH2` is off).
 */
const slimUndici: Plugin = {
  name: 'slim-undici',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === 'undici') return '\0undici';
    if (source === './client-h2.js' && importer?.includes('undici') === true) return '\0undici-h2';
    return null;
  },
  load(id) {
    if (id === '\0undici-h2') return "export default () => { throw new Error('HTTP/2 is off'); };";
    if (id !== '\0undici') return null;
    const files = Object.entries({ ...undiciFiles, api: 'api/index' });
    return [
      ...files.map(([name, file]) => `import ${name} from 'undici/lib/${file}.js';`),
      'Object.assign(Dispatcher.prototype, api);',
      `export { ${Object.keys(undiciFiles).join(', ')} };`,
    ].join('\n');
  },
};

/**
 * The licences of the packages that a bundle holds, as a file beside it: most ask that their text is passed on. Packages
 * in node_modules of the archive bring their own.
 */
function licences(fileName: string): Plugin {
  const folderOf = (id: string): string | undefined => /^\0?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  return {
    name: 'licences',
    generateBundle() {
      const folders = new Set([...this.getModuleIds()].map((id) => folderOf(id.replaceAll('\\', '/'))));
      const found = [...folders].flatMap((folder) => (folder === undefined ? [] : [licenceOf(folder)]));
      // A package may be there twice.
      const texts = [...new Set(found)].sort();
      this.emitFile({ type: 'asset', fileName, source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license ?? 'see its text'})`, ...texts, ''].join('\n\n');
}

const main: UserConfig = {
  plugins: [slimUndici, llhttp, licences('third-party-licences.txt')],
  // Packages written as CommonJS ask for these; the bundle is a module.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  build: {
    ssr: true,

    target: 'node20',
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      input: { main: 'main/shell/main.ts', cli: 'main/cli.ts' },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      external,
    },
  },
  ssr: { noExternal: true, external: ['electron', 'electron-updater', 'httpx', 'keytar', '@alicloud/sts20150401'] },
};

/** The command line behind its entry, in one file: see main/cli/load-program.ts. */
const cli: UserConfig = {
  plugins: [slimUndici, llhttp, codeCache()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    rolldownOptions: {
      input: { 'cli-program': 'main/cli/run.ts' },
      // Node warns of import() in a script compiled with a cache.
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false, dynamicImportInCjs: false },
      external,
    },
  },
  ssr: { noExternal: true, external: main.ssr?.external ?? [] },
};

/** The program of the threads that move bytes: whole in itself, and where each of main's bundles looks for it. */
const worker: UserConfig = {
  plugins: [llhttp],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    rolldownOptions: {
      input: 'main/http/threads/worker-main.ts',
      output: { format: 'cjs', entryFileNames: 'byte-worker.cjs' },
    },
  },
  ssr: { noExternal: true },
};

const preload: UserConfig = {
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/preload',
    emptyOutDir: true,
    rolldownOptions: {
      input: 'preload/preload.ts',
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      external: ['electron'],
    },
  },
};

/**
 * What the library for PDF files asks for by name. All of it are scripts: a page of ours fetches nothing and compiles no
 * WebAssembly.
 */
const pdfResources: Plugin = {
  name: 'pdf-resources',
  generateBundle() {
    const home = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));
    const emit = (name: string, source: Uint8Array | string) =>
      this.emitFile({ type: 'asset', fileName: `pdf/${name}`, source });
    for (const name of ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js'])
      emit(name, readFileSync(join(home, 'wasm', name)));
    for (const folder of ['cmaps', 'standard_fonts'])
      for (const name of readdirSync(join(home, folder))) {
        const bytes = readFileSync(join(home, folder, name));
        if (name.startsWith('LICENSE')) emit(`${folder}/${name}`, bytes);
        else emit(`${folder}/${name}.js`, `export default '${bytes.toString('base64')}';`);
      }
  },
};

const renderer: UserConfig = {
  root: 'renderer',
  base: './',
  plugins: [svelte({ configFile: '../svelte.config.js' }), pdfResources, licences('third-party-licences.txt')],
  build: {
    target: 'chrome140',
    outDir: '../dist/renderer',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
};

/** The pages that Waybill hands out, for anyone's browser: one HTML file each. */
const handedOut: UserConfig = {
  plugins: [scriptText(), pageFile()],
  publicDir: false,
  // The checksum's program for the thread of a page, which is main's.
  define: { crc64Module: JSON.stringify(Buffer.from(crc64Code(false)).toString('base64')) },
  build: { outDir: 'dist/pages', emptyOutDir: false },
  environments: Object.fromEntries(pages.map((page) => [page, pageEnvironment(page)])),
  builder: {
    async buildApp(builder) {
      for (const page of pages) {
        const environment = builder.environments[page];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
};

/** One bundle a mode: `vite build --mode main|cli|worker|preload|renderer|pages`. Main is built first, because it empties dist/. */
export default defineConfig(({ mode }) => {
  switch (mode) {
    case 'main':
      return main;
    case 'cli':
      return cli;
    case 'worker':
      return worker;
    case 'preload':
      return preload;
    case 'pages':
      return handedOut;
    default:
      return renderer;
  }
});
