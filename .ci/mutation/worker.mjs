// A process that keeps Vitest warm: it runs test files with other texts in place of some sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigFromFile } from 'vite';
import { createVitest } from 'vitest/node';
import { root } from '../steps.mjs';

/**
 * Tests of a file, by ID.
 * @typedef {{ project: string, path: string, testIds: readonly string[] }} Spec
 */
/**
 * What replaces the text from `start` to `end` of a file.
 * @typedef {{ file: string, start: number, end: number, text: string }} Edit
 */
/**
 * What to run: some tests, or all test files except some.
 * @typedef {{ run?: Spec, except?: readonly string[], edits: readonly Edit[], timeoutMs: number }} Order
 */
/** @typedef {{ id: string, name: string, ms: number, marks: readonly number[], failed: boolean }} TestResult */
/**
 * @typedef {{ project: string, path: string, ms: number, marks: readonly number[], failed: boolean,
 *   tests: readonly TestResult[] }} FileResult
 */

/** Text by path, instead of what the file holds. @type {Map<string, string>} */
const texts = new Map();

const isMarking = process.env['WAYBILL_MARKS'] !== undefined;

/** @type {import('vite').Plugin} */
const replacing = {
  name: 'replaced-sources',
  enforce: 'pre',
  load: (id) => texts.get(id.split('?', 1)[0] ?? id) ?? null,
};

/** @param {readonly string[]} excluded patterns of test files */
async function start(excluded) {
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'test' }, join(root, 'vitest.config.ts'));
  const own = /** @type {import('vitest/config').ViteUserConfig | undefined} */ (loaded?.config);
  const projects = (own?.test?.projects ?? []).flatMap((project) => {
    if (typeof project !== 'object' || !('test' in project) || project.test?.name === 'fuzz') return [];
    const test = { ...project.test, exclude: [...excluded], retry: 0 };
    const plugins = [...(project.plugins ?? []), replacing];
    return [
      {
        ...project,
        plugins,
        test: isMarking ? { ...test, setupFiles: [join(import.meta.dirname, 'setup.mjs')] } : test,
      },
    ];
  });
  const bail = isMarking ? 0 : 1;
  const maxWorkers = Number(process.env['WAYBILL_WORKERS'] ?? 1);
  return createVitest('test', { root, config: false, watch: false, projects, reporters: [{}], maxWorkers, bail });
}

const vitest = await start(JSON.parse(process.env['WAYBILL_EXCLUDED'] ?? '[]'));

/**
 * @param {Order} order
 * @returns {Promise<FileResult[]>}
 */
async function obey({ run, except = [], edits, timeoutMs }) {
  const before = [...texts.keys()];
  texts.clear();
  for (const { file, start, end, text } of edits) {
    const path = join(root, file);
    const original = readFileSync(path, 'utf8');
    texts.set(path, original.slice(0, start) + text + original.slice(end));
  }
  for (const path of new Set([...before, ...texts.keys()])) vitest.invalidateFile(path);
  for (const { config } of vitest.projects) config.testTimeout = timeoutMs;
  const wanted =
    run === undefined
      ? (await vitest.globTestSpecifications()).filter(({ moduleId }) => !except.includes(moduleId))
      : [vitest.getProjectByName(run.project).createSpecification(run.path, { testIds: [...run.testIds] })];
  if (wanted.length === 0) return [];
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted);
  const paths = new Set(wanted.map(({ moduleId }) => moduleId));
  const results = testModules.filter(({ moduleId }) => paths.has(moduleId)).map(resultOf);
  const [first] = results;
  if (unhandledErrors.length > 0 && first !== undefined) first.failed = true;
  return results;
}

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {FileResult}
 */
function resultOf(module) {
  const tests = [...module.children.allTests()].flatMap((test) => {
    const { state } = test.result();
    if (state === 'skipped' || state === 'pending') return [];
    const ms = test.diagnostic()?.duration ?? 0;
    return [{ id: test.id, name: test.fullName, ms, marks: marksOf(test.meta()), failed: state === 'failed' }];
  });
  const { duration, collectDuration, prepareDuration, environmentSetupDuration, setupDuration } = module.diagnostic();
  const ms = duration + collectDuration + prepareDuration + environmentSetupDuration + setupDuration;
  const failed = module.state() === 'failed';
  return { project: module.project.name, path: module.moduleId, ms, marks: marksOf(module.meta()), failed, tests };
}

/** @param {object} meta */
function marksOf(meta) {
  return 'marks' in meta ? /** @type {number[]} */ (meta.marks) : [];
}

process.on('message', (/** @type {Order} */ order) => {
  obey(order).then(
    (results) => process.send?.({ results }),
    (error) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
