// npm run mutation -- [--seed N] [--count N] [--only main/oss]: puts faults into the code, one at a time and only in
// memory, and tells which of them no test sees. The same seed draws the same faults. Not Stryker: it draws no samples.
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { faultsOf } from './mutation/faults.mjs';
import { findPasses, sourcesIn, workerEnv } from './mutation/passes.mjs';
import { stepsOf } from './mutation/plan.mjs';
import { startWorker } from './mutation/workers.mjs';
import { root } from './steps.mjs';

/** @typedef {import('./mutation/faults.mjs').Fault} Fault */
/** @typedef {import('./mutation/plan.mjs').Step} Step */
/** @typedef {ReturnType<typeof startWorker>} Worker */
/** @typedef {'seen' | 'late' | 'unseen' | 'unreached' | 'known'} Verdict */

const ROOMS = ['main/oss', 'main/transfers', 'main/links', 'main/accounts'];
const GOAL = 85;

/** Faults that no test sees, each with its reason. */
const NOTES = 'test/mutation-survivors.md';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    count: { type: 'string', default: '1500' },
    only: { type: 'string', multiple: true, default: ROOMS },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});

// What killed tests leave behind goes with it.
const folder = mkdtempSync(join(tmpdir(), 'faults-'));
process.env['TMPDIR'] = folder;
process.once('exit', () => {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A process that was just killed is still writing there.
  }
});

/** Whether a test passes on its own, by ID. @type {Map<string, boolean>} */
const aloneById = new Map();
/** @type {Map<Fault, Verdict>} */
const verdicts = new Map();
const known = notedChanges();
const startedAt = performance.now();
const all = faultsOf(root, ROOMS.flatMap(sourcesIn));
const chosen = all.filter(({ file }) => values.only.some((path) => file === path || file.startsWith(`${path}/`)));
const faults = sample(chosen, Number(values.count), Number(values.seed));
// A run that is stopped tells what it found so far.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    report();
    process.exit(1);
  });

print(`Seed ${values.seed}: ${faults.length} of ${chosen.length} faults in ${values.only.join(', ')}.`);
const { results, markOf } = await findPasses(all, Number(values.workers));
for (const { path, tests } of results) {
  const failed = tests.filter((test) => test.failed);
  for (const { name } of failed) print(`Fails without a fault, so it was left out: ${relative(root, path)}: ${name}`);
}
print(`Which test passes where is known after ${minutes()} min.`);

await Promise.all(Array.from({ length: Number(values.workers) }, work));
report();

async function work() {
  const worker = startWorker(workerEnv);
  const queue = remaining();
  for (const fault of queue) {
    verdicts.set(fault, await verdictOn(fault, worker));
    if (verdicts.size % 100 === 0) print(`${verdicts.size} faults after ${minutes()} min`);
  }
  worker.stop();
}

/** The faults that no worker has taken yet. */
function* remaining() {
  for (let fault = faults.pop(); fault !== undefined; fault = faults.pop()) yield fault;
}

/**
 * @param {Fault} fault
 * @param {Worker} worker
 * @returns {Promise<Verdict>}
 */
async function verdictOn(fault, worker) {
  if (known.has(nameOf(fault)) || known.has(nameOf({ ...fault, change: '*' }))) return 'known';
  const steps = stepsOf(fault.file, markOf(fault), results);
  for (const step of steps) {
    const seen = await tryStep(fault, step, worker);
    if (seen !== null) return seen;
  }
  return steps.length === 0 ? 'unreached' : 'unseen';
}

/**
 * @param {Fault} fault
 * @param {Step} step
 * @param {Worker} worker
 * @returns {Promise<'seen' | 'late' | null>} null if no test fails; late: they had to be stopped
 */
async function tryStep(fault, step, worker) {
  const found = await runStep(step, [fault], worker);
  if (found === null) return 'late';
  const [failed] = found.flatMap(({ tests }) => tests.filter((test) => test.failed));
  if (failed === undefined || step.testIds === step.all) return found.some((result) => result.failed) ? 'seen' : null;
  // A test that needs the ones before it proves nothing without them.
  if (await passesAlone(failed.id, step, worker)) return 'seen';
  return tryStep(fault, { ...step, testIds: step.all, ms: 2 * step.ms + 5_000 }, worker);
}

/**
 * @param {string} id
 * @param {Step} step
 * @param {Worker} worker
 */
async function passesAlone(id, step, worker) {
  const known = aloneById.get(id);
  if (known !== undefined) return known;
  const found = await runStep({ ...step, testIds: [id] }, [], worker);
  const passes = found !== null && found.every(({ failed }) => !failed);
  aloneById.set(id, passes);
  return passes;
}

/**
 * @param {Step} step
 * @param {readonly Fault[]} edits
 * @param {Worker} worker
 */
function runStep({ project, path, testIds, ms }, edits, worker) {
  const timeoutMs = 5_000 + 4 * ms;
  return worker.run({ run: { project, path, testIds }, edits, timeoutMs }, timeoutMs + 10_000);
}

function report() {
  const byRoom = values.only.map((room) => ({ room, of: [...verdicts].filter(([{ file }]) => file.startsWith(room)) }));
  list('No test sees', 'unseen');
  list('No test reaches', 'unreached');
  print('');
  for (const { room, of } of byRoom) print(lineOf(room, of));
  const score = scoreOf([...verdicts]);
  print(`${lineOf('together', [...verdicts])}; goal ${GOAL} %. Seed ${values.seed}, ${minutes()} min.`);
  process.exitCode = score >= GOAL ? 0 : 1;
}

/**
 * @param {string} title
 * @param {Verdict} verdict
 */
function list(title, verdict) {
  const found = [...verdicts].filter(([, other]) => other === verdict).map(([fault]) => fault);
  const sorted = found.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  print(`\n${title} (${sorted.length}):`);
  for (const { file, line, name, change } of sorted) print(`  ${file}:${line} ${name}: ${change}`);
}

/**
 * @param {string} name
 * @param {readonly (readonly [Fault, Verdict])[]} of
 */
function lineOf(name, of) {
  /** @param {Verdict} verdict */
  const count = (verdict) => of.filter(([, other]) => other === verdict).length;
  const seen = `${count('seen') + count('late')} seen (${count('late')} whose tests never ended)`;
  const parts = `${seen}, ${count('unseen')} unseen, ${count('unreached')} unreached`;
  return `${name}: ${scoreOf(of).toFixed(1)} % (${parts}; ${count('known')} in ${NOTES} not counted)`;
}

/** Percent seen of all that are not known. @param {readonly (readonly [Fault, Verdict])[]} of */
function scoreOf(of) {
  const counted = of.filter(([, verdict]) => verdict !== 'known');
  const seen = counted.filter(([, verdict]) => verdict === 'seen' || verdict === 'late');
  return (100 * seen.length) / Math.max(1, counted.length);
}

/** The changes listed in the notes, as `file name: change`; `*` stands for any change there. */
function notedChanges() {
  return new Set([...textOf(NOTES).matchAll(/^- (`+) ?(.+?) ?\1(?!`)/gm)].map(([, , change]) => change));
}

/** @param {Fault} fault */
function nameOf({ file, name, change }) {
  return `${file} ${name}: ${change}`;
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {number} count
 * @param {number} seed
 * @returns {T[]}
 */
function sample(all, count, seed) {
  const rest = [...all];
  const random = generator(seed);
  for (let at = rest.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [rest[at], rest[other]] = [/** @type {T} */ (rest[other]), /** @type {T} */ (rest[at])];
  }
  return rest.slice(0, count);
}

/** Mulberry32. @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {string} path */
function textOf(path) {
  return readFileSync(join(root, path), 'utf8');
}

function minutes() {
  return ((performance.now() - startedAt) / 60_000).toFixed(1);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
