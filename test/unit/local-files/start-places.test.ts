import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSafeTarget } from '../../../main/local-files/start-places.ts';

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
