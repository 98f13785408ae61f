import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { test as base } from 'playwright/test';

useStandInWhereElectronIsMissing();
const root = resolve(import.meta.dirname, '..', '..', '..');

/** One person's machine: a home of its own, in which Waybill can be started again and again. */
export interface Home {
  readonly folder: string;
  readonly downloads: string;
  /** Starts Waybill with this home; the environment is added to ours. */
  launch(env?: Readonly<Record<string, string>>): Promise<{ app: ElectronApplication; page: Page }>;
}

/** `home` alone starts nothing; `page` is a first start on an empty home, waiting on the welcome screen. */
export const test = base.extend<{ home: Home; started: { app: ElectronApplication; page: Page }; page: Page }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
  home: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-e2e-'));
    const downloads = join(folder, 'Downloads');
    await mkdir(downloads);
    const running = new Set<ElectronApplication>();
    const launch: Home['launch'] = async (env = {}) => {
      const app = await _electron.launch({
        args: [root, `--user-data-dir=${join(folder, 'profile')}`, '--lang=en-US'],
        env: { ...withoutCredentials(), HOME: folder, LANG: 'en_US.UTF-8', ...env },
        // Playwright would force the light theme.
        colorScheme: null,
      });
      running.add(app);
      app.once('close', () => running.delete(app));
      return { app, page: await app.firstWindow() };
    };
    await use({ folder, downloads, launch });
    for (const app of running) await app.close();
    await rm(folder, { recursive: true, force: true });
  },
  started: async ({ home }, use) => {
    await use(await home.launch());
  },
  page: async ({ started }, use) => {
    await use(started.page);
  },
});

export { expect } from 'playwright/test';

/** Our environment without credentials that the app would offer as an account. */
function withoutCredentials(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(OSS|ALIBABA_CLOUD)_/.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
