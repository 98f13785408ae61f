// typescript-eslint's parser over one program for all files. Its own project service creates a new program for every
// .svelte file, because the text it gets isn't the file's.
import { readFileSync } from 'node:fs';
import * as svelteParser from 'svelte-eslint-parser';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import svelteConfig from '../svelte.config.js';

/** @typedef {{ filePath?: string, project?: unknown, projectService?: boolean, programs?: ts.Program[] }} Options */
/** @type {(code: string, options: Options) => ReturnType<typeof tseslint.parser.parseForESLint>} */
const parse = tseslint.parser.parseForESLint;

const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const extensions = [{ extension: '.svelte', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }];
/** @type {ts.Program | undefined} */
let program;

export default {
  ...tseslint.parser,
  /**
   * If the text isn't the file's (an editor's unsaved text), the project service has the types.
   * @param {string} code
   * @param {Options} [options]
   */
  parseForESLint(code, options = {}) {
    const { project, filePath = '', ...rest } = options;
    if (project !== true) return parse(code, options);
    program ??= programOfAll();
    return program.getSourceFile(filePath)?.text === code
      ? parse(code, { ...rest, filePath, programs: [program] })
      : parse(code, { ...rest, filePath, projectService: true });
  },
};

function programOfAll() {
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    config.config,
    ts.sys,
    '.',
    undefined,
    undefined,
    undefined,
    extensions,
  );
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile;
  host.getSourceFile = (name, version, ...rest) =>
    /\.svelte(\.ts)?$/.test(name) && !name.includes('node_modules')
      ? ts.createSourceFile(name, asTypeScript(name), version, true, ts.ScriptKind.TS)
      : read(name, version, ...rest);
  return ts.createProgram(fileNames, { ...options, allowNonTsExtensions: true }, host);
}

/**
 * The script and the template's expressions as one text, as svelte-eslint-parser hands it to its own parser.
 * @param {string} filePath
 */
function asTypeScript(filePath) {
  let text = '';
  const parser = {
    ...tseslint.parser,
    /**
     * @param {string} code
     * @param {Options} options
     */
    parseForESLint(code, options) {
      if (code !== '') text = code;
      return parse(code, options);
    },
  };
  svelteParser.parseForESLint(readFileSync(filePath, 'utf8'), { filePath, parser, svelteConfig });
  return text;
}
