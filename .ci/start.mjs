// `npm start`: from a fresh clone to a usable window. Plain JavaScript with Node's own modules only, since it runs
// before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureBuilt, ensureHostBuilt, ensurePackages, ensureSystemPackages, has, root, run, say } from './steps.mjs';

const args = process.argv.slice(2);
const at = args.indexOf('--screenshot');
const screenshot = at < 0 ? null : (args[at + 1] ?? null);
if (at >= 0) args.splice(at, 2);

try {
  if (at >= 0 && screenshot === null)
    throw new Error('--screenshot needs a file name: npm start -- --screenshot waybill.png');
  process.exitCode = await start();
} catch (error) {
  say(`Waybill did not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function start() {
  await ensurePackages();
  await ensureBuilt();
  const env = (await hasElectron()) ? {} : await standIn();
  // Chromium refuses to sandbox itself for root, with Electron as without.
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (screenshot !== null) return takeScreenshot(resolve(screenshot), { ...env });
  return open(['electron', root, ...flags, ...args], env);
}

/** Electron's binary is fetched at its first use; offline that fails within seconds. */
async function hasElectron() {
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) return true;
  const proof = join(root, 'node_modules', 'electron', 'path.txt');
  if (existsSync(proof)) return true;
  say('Fetching Electron …');
  const child = spawn(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], { stdio: 'ignore' });
  const limit = setTimeout(() => child.kill(), 600_000);
  await new Promise((done) => child.once('close', done));
  clearTimeout(limit);
  return existsSync(proof);
}

/** @returns {Promise<NodeJS.ProcessEnv>} */
async function standIn() {
  const command = await ensureChromium();
  if (command !== null) {
    throw new Error(`neither Electron's binary nor a Chromium is here. Install one and start again:\n  ${command}`);
  }
  await ensureHostBuilt();
  say("Electron can't be downloaded here: running on the system's Chromium instead.");
  const dist = join(root, 'test', 'host', 'dist');
  return { ELECTRON_OVERRIDE_DIST_PATH: dist, ELECTRON_EXEC_PATH: join(dist, 'electron') };
}

/** @returns {boolean} */
function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/**
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 */
async function open(command, env) {
  if (hasDisplay()) return run('npx', command, { env });
  await ensureSystemPackages({ 'xvfb-run': 'xvfb', xauth: 'xauth' });
  say(
    'There is no display here: Waybill runs under a virtual one. To see it: npm start -- --screenshot waybill.png\nPress Ctrl+C to end it.',
  );
  if (!has('xvfb-run')) return run('npx', command, { env });
  return run('xvfb-run', ['-a', '-s', '-screen 0 1440x900x24 -noreset', 'npx', ...command], { env });
}

/**
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 */
async function takeScreenshot(file, env) {
  const command = [process.execPath, join(root, '.ci', 'screenshot.mjs'), file, ...args];
  if (hasDisplay()) return run(command[0] ?? '', command.slice(1), { env });
  await ensureSystemPackages({ 'xvfb-run': 'xvfb', xauth: 'xauth' });
  if (!has('xvfb-run')) return run(command[0] ?? '', command.slice(1), { env });
  return run('xvfb-run', ['-a', '-s', '-screen 0 1440x900x24 -noreset', ...command], { env });
}
