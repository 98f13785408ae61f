import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkTargets, isSafeTarget } from '../../../main/local-files/start-places.ts';

const home = join('/', 'home', 'li');
const linux = { home, platform: 'linux' };

/** Whether a download into a folder of the home may create the file; both relative to it. */
function isSafe(folder: string, name: string, machine = linux): boolean {
  return isSafeTarget(join(home, folder), join(home, folder, name), machine);
}

test('a download into the home takes no hidden file, and none in a hidden folder', () => {
  for (const name of ['.bashrc', '.ssh/authorized_keys', '.config/autostart/evil.desktop', '..data']) {
    expect(isSafe('', name), name).toBe(false);
    expect(isSafeTarget('/home', join(home, name), linux), name).toBe(false);
  }
  expect(isSafe('', 'report.pdf')).toBe(true);
});

test('hidden files of a project are downloaded into any other folder', () => {
  for (const name of ['.gitignore', 'project/.github/workflows/ci.yml']) expect(isSafe('Downloads', name)).toBe(true);
  expect(isSafeTarget('/data', '/data/.config/app', linux)).toBe(true);
});

test('a hidden folder that the person chose takes files itself, and its subfolders don’t', () => {
  expect(isSafe('.config', 'app.conf')).toBe(true);
  expect(isSafe('.config/', 'app.conf')).toBe(true);
  expect(isSafe('.config', 'autostart/evil.desktop')).toBe(false);
});

test('macOS and Windows start programs from places of their own', () => {
  const agent = 'Library/LaunchAgents/evil.plist';
  const startup = 'AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/evil.cmd';
  expect(isSafe('', agent, { home, platform: 'darwin' })).toBe(false);
  expect(isSafe('', startup.toUpperCase(), { home, platform: 'win32' })).toBe(false);
  expect([isSafe('', agent), isSafe('', startup)]).toEqual([true, true]);
});

test('the cloud drives of macOS take files, and what else is in its Library doesn’t', () => {
  const darwin = { home, platform: 'darwin' };
  for (const drive of ['Library/CloudStorage/Dropbox', 'Library/Mobile Documents/com~apple~CloudDocs/Work']) {
    expect(isSafe(drive, 'project/report.pdf', darwin), drive).toBe(true);
  }
  expect(isSafe('Library', 'CloudStorageAgents/evil.plist', darwin)).toBe(false);
});

test('PowerShell’s profiles start with it, wherever Windows keeps the documents', () => {
  const win32 = { home, platform: 'win32' };
  for (const folder of ['Documents', 'OneDrive/Documents', 'OneDrive - Example/Documents']) {
    expect(isSafe(folder, 'WindowsPowerShell/profile.ps1', win32), folder).toBe(false);
    expect(isSafe(folder, 'PowerShell/Modules/x/x.psm1', win32), folder).toBe(false);
    expect(isSafe(folder, 'PowerShell notes/profile.ps1', win32), folder).toBe(true);
  }
});

test.skipIf(process.platform === 'win32')('the home is the home by whatever path it is chosen', async () => {
  const root = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });
  const real = join(root, 'var');
  const linked = join(root, 'home');
  await mkdir(real);
  await symlink(real, linked);
  for (const [known, chosen] of [
    [linked, real],
    [real, linked],
  ] as const) {
    vi.stubEnv('HOME', known);
    expect(() => checkTargets(chosen, ['.bashrc'])).toThrow();
    expect(() => checkTargets(join(chosen, '.config'), ['autostart/evil.desktop'])).toThrow();
    expect(() => checkTargets(chosen, ['report.pdf'])).not.toThrow();
  }
});
