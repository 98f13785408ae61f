// Makes `import 'electron'` and `require('electron')` in the app's code give the stand-in.
import Module from 'node:module';

/** Parts of Node's CommonJS loader that its types leave out. */
interface Loader {
  _resolveFilename: (request: string, ...rest: unknown[]) => string;
  _cache: Record<string, unknown>;
  _load: (request: string, parent: unknown, isMain: boolean) => unknown;
}

const loader = Module as unknown as Loader;
const names = new Set(['electron', 'electron/main', 'electron/common']);
const key = 'electron-stand-in:';

export function provideElectron(electron: object): void {
  const module = new Module(key);
  module.exports = electron;
  module.loaded = true;
  loader._cache[key] = module;
  const { _resolveFilename } = loader;
  loader._resolveFilename = function (request, ...rest) {
    return names.has(request) ? key : _resolveFilename.call(this, request, ...rest);
  };

  // Hooks for ES modules live in a thread of their own, but the source they give is run in this one.
  Object.defineProperty(globalThis, Symbol.for(key), { value: electron });
  const source = [
    `const electron = globalThis[Symbol.for(${JSON.stringify(key)})];`,
    'export default electron;',
    ...Object.keys(electron).map((name) => `export const ${name} = electron.${name};`),
  ].join('\n');
  const hooks = `
    const names = new Set(${JSON.stringify([...names])});
    export const resolve = (name, context, next) =>
      names.has(name) ? { url: '${key}', format: 'module', shortCircuit: true } : next(name, context);
    export const load = (url, context, next) =>
      url === '${key}' ? { format: 'module', source: ${JSON.stringify(source)}, shortCircuit: true } : next(url, context);
  `;
  Module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

/** Loads a CommonJS module as Node loads its main one. */
export function requireAsMain(file: string): void {
  loader._load(file, null, true);
}
