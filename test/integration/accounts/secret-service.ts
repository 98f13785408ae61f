import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A D-Bus session with gnome-keyring, whose keyrings are in a folder of their own. */
export interface SecretService {
  /** The environment for processes that use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Suspends and resumes the keyring daemon. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A new folder for keyrings: for existing ones the daemon would prompt for their password. */
export async function makeKeyringFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'waybill-keyring-'));
  await mkdir(join(path, 'run'), { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the daemons. A password other than that of the folder's keyring leaves it locked. */
export async function startSecretService(folder: string, password: string): Promise<SecretService> {
  const base = { XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: join(folder, 'run') };
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: { ...process.env, ...base },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface(bus.stdout), 'line')) as [string];
  const environment = { ...base, DBUS_SESSION_BUS_ADDRESS: address };
  const keyring = spawn('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keyring.stdin.end(password);
  // It forks into the background when ready, and stops with the bus.
  await once(keyring, 'exit');
  return {
    environment,
    freeze: () => signal(environment, 'SIGSTOP'),
    thaw: () => signal(environment, 'SIGCONT'),
    async stop() {
      await signal(environment, 'SIGCONT');
      bus.kill();
      await once(bus, 'exit');
    },
  };
}

async function signal(environment: Readonly<Record<string, string>>, name: NodeJS.Signals): Promise<void> {
  const question = ['org.freedesktop.DBus.GetConnectionUnixProcessID', 'string:org.freedesktop.secrets'];
  const { stdout } = await promisify(execFile)(
    'dbus-send',
    ['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/', ...question],
    { env: { ...process.env, ...environment } },
  );
  process.kill(Number(/uint32 (\d+)/.exec(stdout)?.[1]), name);
}

/** Runs keytar in another process, as a desktop's password manager would. Returns its output. */
export async function withKeytar(service: SecretService, script: string): Promise<string> {
  const code = `const keytar = require('keytar'); (async () => { console.log(${script}); })()`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], {
    env: { ...process.env, ...service.environment },
  });
  return stdout.trim();
}
