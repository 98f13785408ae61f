// What only the stand-in does: menus drawn in the page, and living with, and without, Chromium.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'playwright/test';
import { Chromium } from './chromium.ts';
import { fixtureFolder, freshTest as test, launch, loadedPage, takeLog } from './launch-fixture.ts';

const executable = path.join(import.meta.dirname, 'dist/electron');
const isStandIn = (process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '') !== '';
test.skip(!isStandIn, 'Electron itself is here');

/** Processes whose command line has `text` in it. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      // It has ended since.
      return false;
    }
  });
}

test('what is not implemented throws, by name', async ({ app, page }) => {
  await expect(page).toHaveTitle('Fixture');
  const messages = await app.evaluate(({ app, BrowserWindow, ShareMenu, shell, powerMonitor }) => {
    const [window] = BrowserWindow.getAllWindows();
    const attempts = [
      () => window?.webContents.openDevTools(),
      () => window?.setOpacity(0.5),
      () => new ShareMenu({ texts: ['x'] }),
      () => shell.trashItem('x'),
      () => app.on('login', () => undefined),
      () => powerMonitor.getCurrentThermalState(),
    ];
    return attempts.map((attempt) => {
      try {
        void attempt();
        return 'nothing thrown';
      } catch (error) {
        return error instanceof Error && error.message;
      }
    });
  });
  expect(messages).toEqual([
    'WebContents.openDevTools is not implemented by the stand-in',
    'BrowserWindow.setOpacity is not implemented by the stand-in',
    'ShareMenu is not implemented by the stand-in',
    'shell.trashItem is not implemented by the stand-in',
    "app event 'login' is not implemented by the stand-in",
    'powerMonitor.getCurrentThermalState is not implemented by the stand-in',
  ]);
});

test('a context menu can be used with the mouse', async ({ app, page }) => {
  await page.getByRole('heading').click({ button: 'right' });
  await expect(page.getByRole('menuitem')).toHaveText(['Copy link', 'Versions▸', 'Delete']);
  await page.getByRole('menuitem', { name: 'Versions' }).hover();
  await page.getByRole('menuitem', { name: 'v1' }).click();
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect.poll(() => takeLog(app)).toContain('v1');
});

test('a context menu can be used with the keyboard', async ({ app, page }) => {
  await page.getByRole('heading').click({ button: 'right' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => takeLog(app)).toContain('hidden false');
  await page.getByRole('heading').click({ button: 'right' });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('an accelerator reaches its menu item', async ({ app, page }) => {
  await page.keyboard.press('Control+Shift+F');
  await expect.poll(() => takeLog(app)).toContain('find');
});

test('a notification is shown in the window and can be clicked', async ({ app, page }) => {
  await app.evaluate(({ Notification }) => {
    const notification = new Notification({ title: 'Upload finished', body: 'cat.jpg' });
    notification.on('click', () => console.log('clicked'));
    notification.show();
  });
  const clicked = app.waitForEvent('console');
  await page.getByText('Upload finished').click();
  expect((await clicked).text()).toBe('clicked');
});

test('without a display it runs headless', async ({ folder }) => {
  const app = await launch(folder, { DISPLAY: '', WAYLAND_DISPLAY: '' });
  await expect((await loadedPage(app)).getByRole('heading')).toBeVisible();
  await app.close();
});

test('kill -9 of the app leaves no Chromium behind', async ({ app, page, folder }) => {
  await expect(page).toHaveTitle('Fixture');
  expect(processesWith(folder).length).toBeGreaterThan(2);
  app.process().kill('SIGKILL');
  await expect.poll(() => processesWith(folder)).toEqual([]);
});

test('after kill -9 it starts again on the same folder', async ({ app, page, folder }) => {
  await expect(page).toHaveTitle('Fixture');
  app.process().kill('SIGKILL');
  await expect.poll(() => processesWith(folder)).toEqual([]);
  const again = await launch(path.join(folder, 'user-data'));
  await expect((await loadedPage(again)).getByRole('heading')).toBeVisible();
  await again.close();
});

test('the app ends when Chromium is killed', async ({ app, page, folder }) => {
  await expect(page).toHaveTitle('Fixture');
  const ended = once(app.process(), 'exit');
  const [browser = ''] = processesWith(`--remote-debugging-pipe`).filter((pid) => processesWith(folder).includes(pid));
  process.kill(Number(browser), 'SIGKILL');
  await ended;
});

test('a reader that stops reading its output does not disturb it', async ({ folder }) => {
  const child = spawn(executable, [fixtureFolder, '--no-sandbox', `--user-data-dir=${folder}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_HOST_LOG: '1' },
  });
  child.stdout.destroy();
  child.stderr.destroy();
  // Chromium takes its time on a machine under load.
  await expect.poll(() => existsSync(path.join(folder, 'Chromium/Default')), { timeout: 60_000 }).toBe(true);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('says what Chromium complained about when it does not start', ({ folder }) => {
  const { status, stderr } = spawnSync(executable, [fixtureFolder, '--no-sandbox', `--user-data-dir=${folder}`], {
    env: { ...process.env, DISPLAY: ':4711', ELECTRON_HOST_HEADLESS: '' },
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/Chromium ended while starting:[^]*(X server|display)/i);
  expect(status).toBe(1);
});

test('says which package to install where there is no Chromium', ({ folder }) => {
  const { status, stderr } = spawnSync(executable, [fixtureFolder, `--user-data-dir=${folder}`], {
    env: { ...process.env, CHROMIUM_PATH: '/nowhere/chromium' },
    encoding: 'utf8',
  });
  expect(stderr).toContain('CHROMIUM_PATH names /nowhere/chromium, which does not exist.');
  expect(status).toBe(1);
});

test('stops after a window for which no process could be started', async ({ folder }) => {
  const chromium = new Chromium();
  const hooks = { onRequest: () => Promise.resolve(), onLost: () => undefined };
  await chromium.start(folder, new Map([['no-sandbox', '']]), hooks);
  const { CHROMIUM_PATH, DISPLAY, ELECTRON_HOST_HEADLESS } = process.env;
  // Windows come from a process of their own only with a display; this file is no program.
  Object.assign(process.env, { CHROMIUM_PATH: import.meta.filename, DISPLAY: ':4711', ELECTRON_HOST_HEADLESS: '' });
  try {
    await expect(chromium.openWindow('about:blank')).rejects.toThrow('EACCES');
  } finally {
    for (const [name, value] of Object.entries({ CHROMIUM_PATH, DISPLAY, ELECTRON_HOST_HEADLESS })) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
  await chromium.stop();
});

test('tells the version of the Electron it stands in for', () => {
  expect(execFileSync(executable, ['--version'], { encoding: 'utf8' })).toBe('v45.4.1\n');
});
