// What `npm start`, `npm test` and CI share: running a command, installing packages, building what is out of date.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
const isRoot = process.getuid?.() === 0;

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a command with our own standard streams.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet shows the output only when the command fails
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, [...args], {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => {
      say(`${command}: ${error.message}`);
      done(127);
    });
    child.once('close', (code, signal) => {
      const exit = code ?? (signal === 'SIGINT' ? 130 : 1);
      if (exit !== 0) process.stderr.write(Buffer.concat(output));
      done(exit);
    });
  });
}

/** @param {string} name */
export function has(name) {
  const probe = process.platform === 'win32' ? ['where', name] : ['sh', '-c', `command -v "$0"`, name];
  const [command = '', ...args] = probe;
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Installs what is missing with apt-get where that is possible (Debian, as root).
 * @param {Readonly<Record<string, string>>} wanted Debian package by the command or file that shows it is there
 * @returns {Promise<string | null>} null when all is there, else the command that a person must run
 */
export async function ensureSystemPackages(wanted) {
  const missing = Object.entries(wanted)
    .filter(([proof]) => !(proof.startsWith('/') ? existsSync(proof) : has(proof)))
    .map(([, name]) => name);
  if (missing.length === 0) return null;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.platform !== 'linux' || !has('apt-get'))
    return `install ${missing.join(', ')} with your system's package manager`;
  if (!isRoot) return `sudo ${command}`;
  say(`Installing ${missing.join(', ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, quiet: true });
  const code = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    quiet: true,
  });
  return code === 0 ? null : command;
}

/** Installs the npm packages when node_modules is not what the lock file says. */
export async function ensurePackages() {
  const lock = digest([join(root, 'package-lock.json')]);
  const stamp = join(root, 'node_modules', '.waybill-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing packages (first run, about a minute) …');
  // Audit and funding need more of the network than an install does; engine warnings are known and harmless.
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {});
  if (code !== 0) throw new Error('npm ci failed: see above. Is the npm registry reachable?');
  writeFileSync(stamp, lock);
}

/** Builds main, preload and renderer when a source is newer than what was built. */
export async function ensureBuilt() {
  await ensure(
    'dist',
    ['main', 'preload', 'renderer', 'assets', 'vite.config.ts', 'package-lock.json'],
    'build',
    'Waybill',
  );
}

/** Builds the stand-in for Electron that runs on the system's Chromium. */
export async function ensureHostBuilt() {
  await ensure('test/host/dist', ['test/host', 'package-lock.json'], 'build:host', 'the Chromium host');
}

/**
 * @param {string} target
 * @param {readonly string[]} sources
 * @param {string} script
 * @param {string} what
 */
async function ensure(target, sources, script, what) {
  const wanted = digest(sources.flatMap((source) => filesOf(join(root, source), join(root, target))));
  const stamp = join(root, 'node_modules', '.cache', 'waybill', `${script.replace(':', '-')}.stamp`);
  if (existsSync(join(root, target)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say(`Building ${what} …`);
  const code = await run('npm', ['run', '--silent', script], { quiet: true });
  if (code !== 0) throw new Error(`building ${what} failed: see above`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {string} path
 * @param {string} except
 * @returns {string[]}
 */
function filesOf(path, except) {
  if (path === except || path.endsWith('node_modules')) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name), except));
}

/** @param {readonly string[]} files */
function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
