// `npm run structure`: the numbers by which the shape of the code is judged, as a Markdown table. Counts files and
// imports (type imports too), and uploads one file to a practice server to see which sources run on the way.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { createServer } from 'vite';
import { root } from './steps.mjs';

const sources = ['main', 'preload', 'renderer'].flatMap((folder) => sourcesIn(join(root, folder)));
const transfers = join(root, 'main', 'transfers');
const levels = levelsOf(transfers);
const passed = await filesOfAnUpload();

/** @type {readonly (readonly [string, string | number])[]} */
const rows = [
  ['source files', sources.length],
  ['folders', new Set(sources.map((file) => dirname(file))).size],
  ['files in the largest folder', largestFolder()],
  ['lines of the longest file', longestFile()],
  ['rooms of main/transfers (its sub-folders and its own files)', levels.rooms],
  ['import levels of these rooms', levels.cyclic.length > 0 ? `cycle: ${levels.cyclic.join(' → ')}` : levels.count],
  ['files that an upload passes, from the queue on', passed.length],
  ['folders that it passes', new Set(passed.map((file) => dirname(file))).size],
];
process.stdout.write('| | |\n| --- | --- |\n');
for (const [name, value] of rows) process.stdout.write(`| ${name} | ${value} |\n`);
if (process.argv.includes('--files')) process.stdout.write(`\n${passed.join('\n')}\n`);
process.exit(0);

/**
 * @param {string} folder
 * @returns {string[]} absolute paths
 */
function sourcesIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourcesIn(path);
    return /\.(ts|svelte)$/.test(name) ? [path] : [];
  });
}

function largestFolder() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const [[folder, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
  return `${count} (${relative(root, folder)})`;
}

function longestFile() {
  const [[file, lines] = ['', 0]] = sources
    .map((file) => /** @type {const} */ ([file, readFileSync(file, 'utf8').split('\n').length - 1]))
    .sort(([, a], [, b]) => b - a);
  return `${lines} (${relative(root, file)})`;
}

/**
 * The rooms of a folder by what they import: a room that imports no other is on level 1, all others are one level
 * above the highest that they import.
 * @param {string} folder
 */
function levelsOf(folder) {
  /** @type {Map<string, Set<string>>} */
  const arrows = new Map();
  for (const file of sourcesIn(folder)) {
    const from = roomOf(folder, file);
    const to = arrows.get(from) ?? new Set();
    arrows.set(from, to);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      const target = resolve(dirname(file), fileName);
      if (target.startsWith(folder + sep) && roomOf(folder, target) !== from) to.add(roomOf(folder, target));
    }
  }
  /** @type {string[]} */
  let cyclic = [];
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @param {string} room @param {readonly string[]} above @returns {number} */
  const levelOf = (room, above) => {
    if (above.includes(room)) {
      cyclic = [...above.slice(above.indexOf(room)), room];
      return 0;
    }
    const level =
      known.get(room) ??
      1 + Math.max(0, ...[...(arrows.get(room) ?? [])].map((below) => levelOf(below, [...above, room])));
    known.set(room, level);
    return level;
  };
  const count = Math.max(...[...arrows.keys()].map((room) => levelOf(room, [])));
  return { rooms: arrows.size, count, cyclic };
}

/**
 * @param {string} folder
 * @param {string} file
 */
function roomOf(folder, file) {
  return relative(folder, file).split(sep)[0] ?? '';
}

/**
 * Runs an upload of several parts and asks V8 which sources had a function called meanwhile. Of the threads that move
 * the bytes it sees nothing: what their program imports counts instead.
 * @returns {Promise<readonly string[]>}
 */
async function filesOfAnUpload() {
  const vite = await createServer({ root, configFile: false, logLevel: 'error', server: { middlewareMode: true } });
  /** @param {string} path @returns {Promise<Record<string, any>>} */
  const load = (path) => vite.ssrLoadModule(join(root, path));
  const { makePracticeBucket, noise } = await load('test/integration/transfers/practice-bucket.ts');
  const { makeQueue, accountId } = await load('test/integration/transfers/queue-run.ts');
  const practice = await makePracticeBucket();
  const run = makeQueue(practice, { journal: 'structure.jsonl' });
  const path = await practice.file('large.bin', noise(24 * 1024 * 1024));
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [path] });
  await run.settled();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await run.close();
  await practice.close();
  await vite.close();
  const ran = result
    .filter(({ functions }) => functions.some(({ functionName, ranges }) => functionName !== '' && called(ranges)))
    .map(({ url }) => url.replace('file://', ''));
  return [...new Set([...ran, ...importedBy(workerEntry())])]
    .filter((file) => file.startsWith(join(root, 'main')) && !file.startsWith(join(root, 'main', 'practice')))
    .map((file) => relative(root, file))
    .sort();
}

/** @param {readonly { count: number }[]} ranges */
function called(ranges) {
  return ranges.some(({ count }) => count > 0);
}

/** The entry of the threads' bundle, as vite.config.ts names it. */
function workerEntry() {
  const [, entry = ''] = /input: '(main\/[^']+)'/.exec(readFileSync(join(root, 'vite.config.ts'), 'utf8')) ?? [];
  return join(root, entry);
}

/**
 * @param {string} entry
 * @returns {Set<string>} what this file imports for more than its types, and what that imports
 */
function importedBy(entry, found = new Set([entry])) {
  for (const [, path = ''] of readFileSync(entry, 'utf8').matchAll(
    /^(?:import|export|\}) ?(?!type )[^;]*?from '(\.[^']+)'/gm,
  )) {
    const file = resolve(dirname(entry), path);
    if (found.has(file)) continue;
    found.add(file);
    importedBy(file, found);
  }
  return found;
}
