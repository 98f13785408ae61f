import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { expect, test as base, type TestInfo } from 'playwright/test';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import { canariesInFiles, canariesLeftInHeap, canariesOf, canariesPrinted, canary } from '../../support/canaries.ts';
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
  /** Exempts a file or folder outside the profile from the search for secrets: one that exists to hold them. */
  mayHoldSecrets(path: string): void;
  /** Starts Waybill with this home; the environment is added to ours, the arguments to the command line. */
  launch(env?: Readonly<Record<string, string>>, args?: readonly string[]): Promise<Started>;
}

/** Where secrets belong: a person's own files, and the key of the practice account. */
const ownFiles = /^(?:Downloads|profile\/practice)\//;

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
    const exempt = new Set<string>();
    let printed = '';
    const launch: Home['launch'] = async (env = {}, args = []) => {
      const app = await _electron.launch({
        args: [root, `--user-data-dir=${profile}`, '--lang=en-US', ...args],
        env: { ...ownEnvironment(), HOME: folder, LC_ALL: 'C.UTF-8', ...display.env, ...env },
        // Playwright would force the light theme.
        colorScheme: null,
      });
      canariesOf(env);
      for (const stream of [app.process().stdout, app.process().stderr]) {
        stream?.on('data', (bytes: Buffer) => (printed += bytes.toString()));
      }
      running.add(app);
      app.once('close', () => running.delete(app));
      const page = await app.firstWindow();
      // What is dropped, pasted or pressed before the page listens is lost.
      await page.getByRole('button').first().waitFor();
      return { app, page };
    };
    const mayHoldSecrets: Home['mayHoldSecrets'] = (path) => {
      const below = relative(folder, path);
      if (/^(?:profile(?:\/|$)|\.\.|$)/.test(below)) throw new Error(`${path} is searched for secrets`);
      exempt.add(below);
    };
    await use({ folder, profile, downloads, mayHoldSecrets, launch });
    const passed = info.status === info.expectedStatus;
    await markPracticeSecret(profile);
    const hits: string[] = [];
    for (const app of running) {
      if (!passed) await takePicture(app, info);
      if (passed && process.env['CANARIES'] === 'heap') {
        for (const page of app.windows()) hits.push(...(await canariesLeftInHeap(page)));
      }
      await app.close();
    }
    const isOwn = (path: string): boolean =>
      ownFiles.test(path) || [...exempt].some((own) => path === own || path.startsWith(`${own}/`));
    hits.push(...(await canariesInFiles(folder, isOwn)), ...canariesPrinted(printed));
    await rm(folder, { recursive: true, force: true });
    // Where each test leaves no secret behind, no flow that is tested does.
    if (passed) expect(hits, 'secrets that were left behind').toEqual([]);
  },
  started: async ({ home }, use) => {
    await use(await home.launch());
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

/** Marks the secret of the practice account, if this profile has one. */
async function markPracticeSecret(profile: string): Promise<void> {
  const file = await readFile(join(profile, 'practice', 'account.json'), 'utf8').catch(() => '{}');
  const { accessKeySecret } = JSON.parse(file) as { readonly accessKeySecret?: string };
  canary('the secret of the practice account', accessKeySecret ?? '');
}

/** Our environment without credentials that the app would offer as an account, and without another desktop. */
function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(OSS|ALIBABA_CLOUD)_|^WAYLAND_DISPLAY$/.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
