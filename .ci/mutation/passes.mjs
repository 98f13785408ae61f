// Which places of the code each test passes, from one run of all tests on marked sources. What is known of a test file
// is kept in node_modules/.cache until the file, a source or a helper of the tests changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../steps.mjs';
import { markPlaces } from './marks.mjs';
import { startWorker } from './workers.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./worker.mjs').FileResult} FileResult */
/** @typedef {{ key: string, files: Record<string, { hash: string, result: FileResult }> }} Cache */

/** Tests that say nothing about code in memory: of other code, or of programs built from the files on disk. */
const EXCLUDED = ['unit/{checks,practice,renderer,words}', 'integration/{cli,packaging,practice}'];
const cacheFile = join(root, 'node_modules/.cache/waybill/mutation.json');

/** Longest run of all tests, in milliseconds. */
const ALL_TESTS_MS = 30 * 60_000;

/** The environment of each worker. */
export const workerEnv = {
  WAYBILL_EXCLUDED: JSON.stringify(EXCLUDED.map((folder) => `test/${folder}/**`)),
};

/**
 * @param {readonly Fault[]} faults all faults of some sources
 * @param {number} workers
 * @returns {Promise<{ results: readonly FileResult[], markOf: (fault: Fault) => { mark: number, isAtLoading: boolean } }>}
 */
export async function findPasses(faults, workers) {
  const { edits, markOf, count } = markAll(faults);
  const cache = readCache(edits);
  const worker = startWorker({ ...workerEnv, WAYBILL_MARKS: String(count), WAYBILL_WORKERS: String(workers) });
  const known = Object.entries(cache.files).filter(([path, { hash }]) => existsSync(path) && hashOf([path]) === hash);
  const order = { except: known.map(([path]) => path), edits, timeoutMs: 120_000 };
  const found = await worker.run(order, ALL_TESTS_MS).finally(() => worker.stop());
  if (found === null) throw new Error('the tests did not end');
  const files = { ...Object.fromEntries(known) };
  for (const result of found) files[result.path] = { hash: hashOf([result.path]), result };
  mkdirSync(dirname(cacheFile), { recursive: true });
  writeFileSync(cacheFile, JSON.stringify({ key: cache.key, files }));
  return { results: Object.values(files).map(({ result }) => result), markOf };
}

/** @param {readonly Fault[]} faults */
function markAll(faults) {
  /** @type {Map<string, { marks: ReadonlyMap<number, number>, first: number }>} */
  const byFile = new Map();
  let count = 0;
  const edits = [...new Set(faults.map(({ file }) => file))].map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const starts = faults.filter((fault) => fault.file === file).map(({ start }) => start);
    const { code, marks, nextMark } = markPlaces(text, starts, count);
    byFile.set(file, { marks, first: count });
    count = nextMark;
    return { file, start: 0, end: text.length, text: code };
  });
  /** @param {Fault} fault */
  const markOf = ({ file, start }) => {
    const { marks, first } = byFile.get(file) ?? { marks: new Map(), first: -1 };
    const mark = marks.get(start) ?? first;
    return { mark, isAtLoading: mark === first };
  };
  return { edits, markOf, count };
}

/**
 * @param {readonly { readonly text: string }[]} edits
 * @returns {Cache}
 */
function readCache(edits) {
  const files = ['main', 'test'].flatMap((folder) => sourcesIn(folder)).filter((path) => !path.endsWith('.test.ts'));
  const key = hashOf(files.map((path) => join(root, path))) + hash(edits.map(({ text }) => text));
  const cache = existsSync(cacheFile) ? /** @type {Cache} */ (JSON.parse(readFileSync(cacheFile, 'utf8'))) : null;
  return cache?.key === key ? cache : { key, files: {} };
}

/**
 * The TypeScript files of a folder, or the one file.
 * @param {string} path below the root
 * @returns {string[]}
 */
export function sourcesIn(path) {
  if (path.endsWith('.ts')) return [path];
  const names = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${path}/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** @param {readonly string[]} paths */
function hashOf(paths) {
  return hash(paths.map((path) => readFileSync(path, 'utf8')));
}

/** @param {readonly string[]} texts */
function hash(texts) {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
