// Playwright's test, with the fixture app running. Nothing here knows whether Electron or the stand-in runs it.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { _electron, type ElectronApplication, type JSHandle, type Page } from 'playwright';
import { test as base } from 'playwright/test';
import { useStandInWhereElectronIsMissing } from './where.ts';

useStandInWhereElectronIsMissing();

export const fixtureFolder = path.join(import.meta.dirname, 'fixture');

/** What fixture/preload.cjs exposes to the page, under the name `fixture`. */
export interface FixtureBridge {
  readonly atStart: { readonly scripts: number; readonly readyState: string };
  readonly platform: string;
  readonly invoke: <T>(channel: string, ...args: unknown[]) => Promise<T>;
  readonly send: (channel: string, ...args: unknown[]) => void;
  readonly on: (channel: string, listener: (value: number) => void) => () => void;
  readonly pathOf: (file: File) => string;
  readonly callBack: (double: (value: number) => number) => number;
  readonly fail: () => void;
  readonly same: <T>(value: T) => T;
  readonly nested: { readonly list: readonly { readonly deep: () => string }[] };
}

/** What fixture/main.js hangs on the main process's globalThis, under the name `fixtureMain`. */
export interface FixtureMain {
  readonly log: string[];
  mayClose: boolean;
}

declare const fixtureMain: FixtureMain;

/** Takes what the main process has logged so far. */
export function takeLog(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => fixtureMain.log.splice(0));
}

/** The window of a page, to be used in evaluate(). */
export function windowOf(app: ElectronApplication, page: Page): Promise<JSHandle<BrowserWindow>> {
  return app.browserWindow(page) as Promise<JSHandle<BrowserWindow>>;
}

export function launch(
  folder: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<ElectronApplication> {
  return _electron.launch({
    args: [fixtureFolder, `--user-data-dir=${folder}`, ...args],
    // Otherwise Playwright forces the light theme.
    colorScheme: null,
    env: { ...(process.env as Record<string, string>), ...env },
  });
}

export async function loadedPage(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page.getByText('ready').waitFor();
  return page;
}

/**
 * Launches the app for `use`, closes it and waits until its process is gone: one that ends by itself still writes into
 * its folder.
 */
async function whileRunning(folder: string, use: (app: ElectronApplication) => Promise<void>): Promise<void> {
  const app = await launch(folder);
  const child = app.process();
  await use(app);
  await app.close();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

interface FreshApp {
  /** A folder that is removed after the test. */
  folder: string;
  app: ElectronApplication;
  page: Page;
}

/** Each test gets an app of its own. */
export const freshTest = base.extend<FreshApp>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants an object pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'host-fixture-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  app: ({ folder }, use) => whileRunning(path.join(folder, 'user-data'), use),
  page: async ({ app }, use) => use(await loadedPage(app)),
});

/** For tests that leave the app as they found it: they share one, in a page loaded anew for each. */
export const sharedTest = base.extend<{ folder: string; page: Page }, { app: ElectronApplication }>({
  app: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright wants an object pattern
    async ({}, use) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'host-fixture-'));
      await whileRunning(folder, use);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants an object pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'host-fixture-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  page: async ({ app }, use) => {
    const page = await loadedPage(app);
    await page.reload();
    await page.getByText('ready').waitFor();
    await takeLog(app);
    await use(page);
  },
});
