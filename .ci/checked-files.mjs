// What the commands that check files of inputs and results share: which files, and the TypeScript that checks one.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './steps.mjs';

/**
 * The files named on the command line, else all in a folder.
 * @param {string} folder
 */
export function filesToCheck(folder) {
  // npm runs scripts in the project's folder: a relative path is meant from where npm was called.
  const given = process.argv.slice(2).map((file) => resolve(process.env['INIT_CWD'] ?? process.cwd(), file));
  if (given.length > 0) return given;
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.json'));
  return names.map((name) => join(root, folder, name));
}

/**
 * Node 20 can't run TypeScript, so Vite compiles it on the way.
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export async function importTypeScript(path) {
  const { module } = await runnerImport(join(root, path), { root, configFile: false, logLevel: 'silent' });
  return /** @type {T} */ (module);
}
