// npm run fuzz: what strangers send, in millions; then a table of what was tried, the time taken and the seed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, say } from './steps.mjs';

const seed = process.env['FUZZ_SEED'] ?? String(Date.now() % 0x7fffffff);
const runs = process.env['FUZZ_RUNS'] ?? '1000000';
const folder = mkdtempSync(join(tmpdir(), 'waybill-fuzz-report-'));
const report = join(folder, 'targets.jsonl');
const started = Date.now();
try {
  process.exitCode = await run('npx', ['vitest', 'run', '--project', 'fuzz', ...process.argv.slice(2)], {
    env: { FUZZ_RUNS: runs, FUZZ_SEED: seed, FUZZ_REPORT: report },
  });
  // Where no target began, there is nothing to report.
  if (existsSync(report)) summarise();
} finally {
  rmSync(folder, { recursive: true });
}

function summarise() {
  /** @type {Map<string, { inputs: number, seconds: number, crashes: number }>} */
  const targets = new Map();
  const all = { inputs: 0, seconds: 0, crashes: 0 };
  for (const line of readFileSync(report, 'utf8').split('\n').slice(0, -1)) {
    /** @type {{ target: string, inputs: number, seconds: number, crashes: number }} */
    const { target, inputs, seconds, crashes } = JSON.parse(line);
    const one = targets.get(target) ?? { inputs: 0, seconds: 0, crashes: 0 };
    targets.set(target, one);
    for (const sum of [one, all]) {
      sum.inputs += inputs;
      sum.seconds += seconds;
      sum.crashes += crashes;
    }
  }
  for (const [target, { inputs, seconds, crashes }] of targets) {
    say(
      `${inputs.toLocaleString('en').padStart(12)}  ${`${seconds.toFixed(0)} s`.padStart(8)}  ${crashes} crashes  ${target}`,
    );
  }
  const took = ((Date.now() - started) / 1000).toFixed(0);
  say(`${all.inputs.toLocaleString('en')} inputs in ${took} s, ${all.crashes} crashes, seed ${seed}`);
}
