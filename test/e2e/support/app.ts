import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { test as base, type TestInfo } from 'playwright/test';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import { type Display, openDisplay } from './display.ts';

useStandInWhereElectronIsMissing();
const root = resolve(import.meta.dirname, '..', '..', '..');

/** A running Waybill and its window. */
interface Started {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** One person's machine: a home of its own, in which Waybill can be started again and again. */
export interface Home {
  readonly folder: string;
  /** Waybill's own files. */
  readonly profile: string;
  readonly downloads: string;
  /** Starts Waybill with this home; the environment is added to ours, the arguments to the command line. */
  launch(env?: Readonly<Record<string, string>>, args?: readonly string[]): Promise<Started>;
}

interface Fixtures {
  home: Home;
  started: Started;
  page: Page;
}

/** `home` alone starts nothing; `page` is a first start on an empty home, waiting on the welcome screen. */
export const test = base.extend<Fixtures, { display: Display }>({
  display: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
    async ({}, use) => {
      const display = await openDisplay();
      await use(display);
      display.close();
    },
    { scope: 'worker' },
  ],
  home: async ({ display }, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-e2e-'));
    const profile = join(folder, 'profile');
    const downloads = join(folder, 'Downloads');
    await mkdir(downloads);
    const running = new Set<ElectronApplication>();
    const launch: Home['launch'] = async (env = {}, args = []) => {
      const app = await _electron.launch({
        args: [root, `--user-data-dir=${profile}`, '--lang=en-US', ...args],
        env: { ...ownEnvironment(), HOME: folder, LC_ALL: 'C.UTF-8', ...display.env, ...env },
        // Playwright would force the light theme.
        colorScheme: null,
      });
      running.add(app);
      app.once('close', () => running.delete(app));
      return { app, page: await app.firstWindow() };
    };
    await use({ folder, profile, downloads, launch });
    for (const app of running) {
      if (info.status !== info.expectedStatus) await takePicture(app, info);
      await app.close();
    }
    await rm(folder, { recursive: true, force: true });
  },
  started: async ({ home }, use) => {
    const started = await home.launch();
    // What is pasted or pressed before the page listens is lost.
    await started.page.getByRole('button').first().waitFor();
    await use(started);
  },
  page: async ({ started }, use) => {
    await use(started.page);
  },
});

export { expect } from 'playwright/test';

/** What a failed test looked like at its end. */
async function takePicture(app: ElectronApplication, info: TestInfo): Promise<void> {
  const path = info.outputPath('window.png');
  await app
    .windows()[0]
    ?.screenshot({ path, timeout: 5_000 })
    .catch(() => undefined);
  info.attachments.push({ name: 'window', path, contentType: 'image/png' });
}

/** Our environment without credentials that the app would offer as an account, and without another desktop. */
function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(OSS|ALIBABA_CLOUD)_|^WAYLAND_DISPLAY$/.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
