// `npm test`: installs what is missing, then every check and test, and one closing line that adds them all up.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureBuilt, ensureHostBuilt, ensurePackages, ensureSystemPackages, root, run, say } from './steps.mjs';
import { playwrightOutcome, vitestOutcome } from './test-reports.mjs';

const results = join(root, 'test-results');
let passed = 0;
/** @type {string[]} */
const failures = [];
/** @type {string[]} */
const secondTries = [];
let waiting = 0;

/** What the tests talk to that we did not write. */
const peers = {
  'xvfb-run': 'xvfb',
  xauth: 'xauth',
  xclip: 'xclip',
  'dbus-run-session': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
  'secret-tool': 'libsecret-tools',
  curl: 'curl',
  '/usr/lib/python3/dist-packages/requests/__init__.py': 'python3-requests',
  openssl: 'openssl',
  microsocks: 'microsocks',
  zsh: 'zsh',
  fish: 'fish',
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc': 'fonts-noto-cjk',
  '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf': 'fonts-noto-color-emoji',
};

await ensurePackages();
const missing = [await ensureChromium(), process.platform === 'linux' ? await ensureSystemPackages(peers) : null];
for (const command of missing) {
  if (command !== null) {
    say(`Something that the tests need is missing. Run this, then npm test again:\n  ${command}`);
    process.exit(1);
  }
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

// Lint takes as long as all else that only looks at the sources, and one processor.
const linted = check('lint', ['npm', 'run', '--silent', 'check:lint']);
await check('format', ['npm', 'run', '--silent', 'check:format']);
await check('types', ['npm', 'run', '--silent', 'check:types']);
await check('imports', ['npm', 'run', '--silent', 'check:imports']);
await check('unused code', ['npm', 'run', '--silent', 'check:unused']);
await built('build', ensureBuilt);
await built('build of the host', ensureHostBuilt);
await linted;
await check('signing vectors', ['npm', 'run', '--silent', 'vectors']);
await counted('unit', ['npx', 'vitest', 'run', '--project', 'unit'], vitestOutcome);
await counted('fuzz', ['npx', 'vitest', 'run', '--project', 'fuzz'], vitestOutcome);
await counted('integration', ['npx', 'vitest', 'run', '--project', 'integration'], vitestOutcome);
await counted('end-to-end', [join(root, '.ci', 'desktop'), 'npx', 'playwright', 'test'], playwrightOutcome);

// Whoever sees only the end of a long run sees which tests they are.
for (const place of secondTries) say(`! passed only the second time: ${place}`);
for (const failure of failures) say(`✗ ${failure}`);
if (waiting > 0) say(`! ${waiting} end-to-end tests wait for real Electron (not run here)`);
say('');
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {readonly [string, ...string[]]} command
 */
async function check(name, [command, ...args]) {
  const started = Date.now();
  report(name, (await run(command, args, { quiet: true })) === 0, started);
}

/**
 * @param {string} name
 * @param {() => Promise<void>} build
 */
async function built(name, build) {
  const started = Date.now();
  try {
    await build();
    report(name, true, started);
  } catch (error) {
    say(String(error));
    report(name, false, started);
  }
}

/**
 * @param {string} name
 * @param {readonly [string, ...string[]]} command
 * @param {(file: string) => import('./test-reports.mjs').Outcome} read
 */
async function counted(name, [command, ...args], read) {
  const started = Date.now();
  const file = join(results, `${name}.json`);
  const reporters = args.includes('vitest')
    ? ['default', join(root, '.ci', 'second-tries.mjs'), 'json']
        .map((name) => `--reporter=${name}`)
        .concat(`--outputFile.json=${file}`)
    : ['--reporter=line,json'];
  const code = await run(command, [...args, ...reporters], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } });
  const outcome = read(file);
  passed += outcome.passed;
  waiting += outcome.waiting;
  secondTries.push(...outcome.secondTries);
  // A run that broke off, or ran nothing, is a failure whatever it counted.
  const isBroken = outcome.failures.length === 0 && (code !== 0 || outcome.passed === 0);
  const failed = isBroken ? [`the run of ${name} broke off: see above`] : outcome.failures;
  failures.push(...failed);
  const sum = `${outcome.passed} passed, ${failed.length} failed (${seconds(started)} s)`;
  say(`${code === 0 ? '✓' : '✗'} ${name}: ${sum}`);
}

/**
 * @param {string} name
 * @param {boolean} ok
 * @param {number} started
 */
function report(name, ok, started) {
  if (ok) passed += 1;
  else failures.push(`${name}: see above`);
  say(`${ok ? '✓' : '✗'} ${name} (${seconds(started)} s)`);
}

/** @param {number} started */
function seconds(started) {
  return ((Date.now() - started) / 1000).toFixed(1);
}
