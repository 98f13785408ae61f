// What the app, its windows and its menus must do, in Electron as in the stand-in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'playwright/test';
import {
  fixtureFolder,
  type FixtureMain,
  freshTest as test,
  launch,
  loadedPage,
  takeLog,
  windowOf,
} from './launch-fixture.ts';

declare const fixtureMain: FixtureMain;

test.describe('app', () => {
  test('knows its name, version and folders', async ({ app, folder, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const known = await app.evaluate(({ app }) => ({
      name: app.getName(),
      version: app.getVersion(),
      userData: app.getPath('userData'),
      logs: app.getPath('logs'),
      home: app.getPath('home'),
      temp: app.getPath('temp'),
      isPackaged: app.isPackaged,
      type: process.type,
    }));
    const userData = path.join(folder, 'user-data');
    expect(known).toEqual({
      name: 'Fixture',
      version: '1.2.3',
      userData,
      logs: path.join(userData, 'logs'),
      home: os.homedir(),
      temp: realpathSync(os.tmpdir()),
      isPackaged: false,
      type: 'browser',
    });
  });

  test('its language is the one of the command line, in main and in the page', async ({ folder }) => {
    const app = await launch(path.join(folder, 'chinese'), {}, ['--lang=zh-CN']);
    expect(await app.evaluate(({ app }) => app.getLocale())).toBe('zh-CN');
    expect(await (await loadedPage(app)).evaluate(() => navigator.language)).toBe('zh-CN');
    await app.close();
  });

  test('a second instance tells the first and ends', async ({ app, page, folder }) => {
    await expect(page).toHaveTitle('Fixture');
    const [command = ''] = app.process().spawnargs;
    const args = [fixtureFolder, '--no-sandbox', `--user-data-dir=${path.join(folder, 'user-data')}`, 'waybill://x'];
    const second = spawn(command, args, { stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
    await expect.poll(() => takeLog(app)).toContain('second-instance waybill://x {"from":"fixture"}');
  });

  test('ends when its last window is closed', async ({ app, page }) => {
    const ended = once(app.process(), 'exit');
    await page.close();
    expect(await ended).toEqual([0, null]);
  });

  test('ends in order at SIGTERM', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const ended = once(app.process(), 'exit');
    app.process().kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('will-quit can hold the end back until work is done', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const output: string[] = [];
    app.process().stdout?.on('data', (bytes: Buffer) => output.push(bytes.toString()));
    await app.evaluate(({ app }) => {
      let isDone = false;
      app.on('will-quit', (event) => {
        if (isDone) return;
        event.preventDefault();
        setImmediate(() => {
          isDone = true;
          console.log('work is done');
          app.quit();
        });
      });
    });
    await app.close();
    expect(output.join('')).toContain('work is done');
  });
});

test.describe('windows', () => {
  test('one made with show: false appears after ready-to-show', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    await expect.poll(() => takeLog(app)).toContain('ready-to-show');
    const window = await windowOf(app, page);
    expect(await window.evaluate((it) => [it.isVisible(), it.isDestroyed(), it.isMinimized()])).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('an event listener of close can keep it open', async ({ app, page }) => {
    await app.evaluate(({ BrowserWindow }) => {
      fixtureMain.mayClose = false;
      BrowserWindow.getAllWindows()[0]?.close();
    });
    expect(await takeLog(app)).toContain('close');
    await expect(page.getByText('ready')).toBeVisible();
    await app.evaluate(() => (fixtureMain.mayClose = true));
  });

  test('a page that closes itself asks the app like anybody else', async ({ app, page }) => {
    // Playwright would answer the question that Chromium asks on the way.
    page.on('dialog', () => undefined);
    await app.evaluate(() => (fixtureMain.mayClose = false));
    await page.getByLabel('Text').fill('a person was here');
    await page.evaluate(() => window.close());
    await expect.poll(() => takeLog(app)).toContain('close');
    await expect(page.getByLabel('Text')).toHaveValue('a person was here');
    await app.evaluate(() => (fixtureMain.mayClose = true));
    const closed = page.waitForEvent('close');
    await page.evaluate(() => window.close());
    await closed;
  });

  test('sizes go through to the page and stay above the minimum', async ({ app, page }) => {
    const window = await windowOf(app, page);
    await window.evaluate((it) => it.setSize(700, 500));
    await expect.poll(() => page.evaluate(() => outerWidth)).toBe(700);
    await window.evaluate((it) => it.setSize(10, 10));
    expect(await window.evaluate((it) => it.getSize())).toEqual([400, 300]);
  });

  test('a second one has a preload, a sender and an end of its own', async ({ app, page }) => {
    const opened = app.waitForEvent('window');
    await app.evaluate(({ Menu }) => void Menu.getApplicationMenu()?.getMenuItemById('new')?.click());
    const second = await opened;
    await second.getByText('ready').waitFor();
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2);
    await second.close();
    await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    await expect(page.getByText('ready')).toBeVisible();
  });

  test('webContents runs code in the page and tells its address', async ({ app, page }) => {
    const window = await windowOf(app, page);
    const answers = await window.evaluate(async ({ webContents }) => [
      String(await webContents.executeJavaScript('document.title + typeof fixture')),
      String(await webContents.executeJavaScript('nothingOfTheKind').catch(() => 'rejected')),
      webContents.getURL(),
    ]);
    expect(answers).toEqual(['Fixtureobject', 'rejected', 'app://fixture/index.html']);
  });

  test('capturePage gives a picture of the page', async ({ app, page }) => {
    const window = await windowOf(app, page);
    const size = await window.evaluate(async ({ webContents }) => (await webContents.capturePage()).getSize());
    expect(size.width).toBeGreaterThan(100);
    expect(size.height).toBeGreaterThan(100);
  });

  test('zoom by level and by factor are one thing', async ({ app, page }) => {
    const window = await windowOf(app, page);
    const before = (await page.getByRole('heading').boundingBox())?.height ?? 0;
    expect(
      await window.evaluate(({ webContents }) => (webContents.setZoomFactor(1.44), webContents.getZoomLevel())),
    ).toBeCloseTo(2);
    await expect.poll(async () => (await page.getByRole('heading').boundingBox())?.height ?? 0).toBeGreaterThan(before);
  });

  test('loading what the handler refuses is rejected', async ({ app, page }) => {
    const window = await windowOf(app, page);
    const message = await window.evaluate((it) => it.loadURL('app://fixture/broken').then(() => 'loaded', String));
    expect(message).toMatch(/ERR_\w+ \(-\d+\) loading 'app:\/\/fixture\/broken'/);
  });

  test('a redirect that leads away can be stopped', async ({ app, page }) => {
    await app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.removeAllListeners('will-navigate'));
    await page.getByText('moved').click();
    await expect.poll(() => takeLog(app)).toContain('will-redirect https://example.com/new');
    await expect(page.getByText('ready')).toBeVisible();
  });

  test('a page that crashes can be loaded again', async ({ app, page }) => {
    const window = await windowOf(app, page);
    await window.evaluate(({ webContents }) => webContents.forcefullyCrashRenderer());
    await expect.poll(() => takeLog(app)).toContain('gone crashed');
    await window.evaluate(({ webContents }) => webContents.reload());
    const probe = () =>
      window.evaluate(({ webContents }) => webContents.executeJavaScript('typeof fixture').catch(String));
    await expect.poll(probe).toBe('object');
  });
});

test.describe('menus', () => {
  test('an item of the application menu is found by id and can be clicked', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const labels = await app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('find')?.click();
      return Menu.getApplicationMenu()?.items.map(({ label }) => label);
    });
    expect(labels).toEqual(['File', 'Edit', 'View']);
    expect(await takeLog(app)).toContain('find');
  });

  test('a right click opens the context menu that main builds', async ({ app, page }) => {
    // A native menu can't be clicked by a test, so the menu is taken where it pops up.
    await app.evaluate(({ Menu }) => {
      Menu.prototype.popup = function () {
        Object.assign(globalThis, { openMenu: this });
      };
    });
    await page.getByLabel('Text').click({ button: 'right' });
    await expect.poll(() => takeLog(app)).toContain('context-menu editable=true');
    const text = await app.evaluate(async ({ clipboard }) => {
      (globalThis as unknown as { openMenu: Electron.Menu }).openMenu.items[0]?.click();
      return clipboard.readText();
    });
    expect(text).toBe('https://example.test/?sig=a%2Bb');
  });

  test('a checkbox is switched by a click', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const checked = await app.evaluate(({ Menu }) => {
      const menu = Menu.buildFromTemplate([{ label: 'Box', type: 'checkbox' }]);
      menu.items[0]?.click();
      return menu.items[0]?.checked;
    });
    expect(checked).toBe(true);
  });
});

test.describe('the tray', () => {
  test('an item takes an icon, a tip and a menu whose items can be clicked, until it is destroyed', async ({
    app,
    page,
  }) => {
    await expect(page).toHaveTitle('Fixture');
    const seen = await app.evaluate(({ Menu, nativeImage, Tray }) => {
      const clicks: string[] = [];
      const tray = new Tray(nativeImage.createEmpty());
      tray.on('drop-files', (_event, paths) => clicks.push(...paths));
      tray.setImage(nativeImage.createEmpty());
      tray.setToolTip('Fixture');
      const menu = Menu.buildFromTemplate([{ label: 'A && B', click: ({ label }) => clicks.push(label) }]);
      tray.setContextMenu(menu);
      menu.items[0]?.click();
      tray.emit('drop-files', {}, ['/dropped']);
      tray.setContextMenu(null);
      tray.destroy();
      return [...clicks, tray.isDestroyed()];
    });
    expect(seen).toEqual(['A && B', '/dropped', true]);
  });

  test('an icon that isn’t there is an error', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const message = await app.evaluate(({ Tray }) => {
      try {
        new Tray('/not/there.png').destroy();
        return '';
      } catch (error) {
        return String(error);
      }
    });
    expect(message).toMatch(/Failed to load image from path/);
  });
});

test.describe('desktop', () => {
  test('the clipboard keeps text of every script', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    await app.evaluate(({ clipboard }) => clipboard.writeText('héllo 你好 🙂'));
    // On X, a clipboard changes hands a moment after the program that wrote to it has gone on.
    await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('héllo 你好 🙂');
  });

  test('a dark theme reaches the page', async ({ app, page }) => {
    await app.evaluate(({ nativeTheme }) => (nativeTheme.themeSource = 'dark'));
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(4, 5, 6)');
    expect(await app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true);
  });

  test('a test can answer a dialog', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const paths = await app.evaluate(async ({ dialog }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/picked'] });
      return (await dialog.showOpenDialog({})).filePaths;
    });
    expect(paths).toEqual(['/picked']);
  });

  test('a power save blocker counts until it is stopped', async ({ app, page }) => {
    await expect(page).toHaveTitle('Fixture');
    const states = await app.evaluate(({ powerSaveBlocker }) => {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      return [powerSaveBlocker.isStarted(id), powerSaveBlocker.stop(id), powerSaveBlocker.isStarted(id)];
    });
    expect(states).toEqual([true, true, false]);
  });

  test('two apps with folders of their own run side by side', async ({ page, folder }) => {
    const other = await launch(path.join(folder, 'other'));
    await expect((await loadedPage(other)).getByRole('heading')).toBeVisible();
    await other.close();
    await expect(page.getByText('ready')).toBeVisible();
  });
});
