// A browser of somebody who has no Waybill, in which pages are opened that were handed out.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Download, Page } from 'playwright';
import { expect, test as base } from 'playwright/test';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { findChromium } from '../../host/chromium-flags.ts';
import { canary } from '../../support/canaries.ts';

const program = resolve(import.meta.dirname, '..', '..', '..', 'dist', 'cli.js');
const execute = promisify(execFile);

/** A page that was opened, with what its console said and what it started. */
interface Opened {
  readonly page: Page;
  readonly said: readonly string[];
  /** Downloads that began, in this page or one that it opened. */
  readonly downloads: readonly Download[];
}

interface Fixtures {
  /** An OSS of this test's own, with the sample buckets. */
  readonly server: PracticeServer;
  /** A folder that is removed afterwards. */
  readonly folder: string;
  /** Runs a command of Waybill with the owner's key. */
  readonly waybill: (...args: readonly string[]) => Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Opens HTML from the disk or from a web server. */
  readonly open: (html: string, from: 'file' | 'http', options?: BrowserContextOptions) => Promise<Opened>;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-any-browser-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  server: async ({ folder }, use) => {
    const server = await startPractice({ dataDir: join(folder, 'practice') });
    canary('the secret of the account', server.accessKeySecret);
    await use(server);
    await server.close();
  },
  waybill: async ({ server, folder }, use) => {
    const { endpoint, region, accessKeyId, accessKeySecret } = server;
    const env = {
      ...{ PATH: process.env['PATH'], WAYBILL_STATE_DIR: join(folder, 'state') },
      ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region },
      ...{ OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret },
    };
    await use((...args) => execute(process.execPath, [program, ...args], { env, maxBuffer: 256 * 1024 ** 2 }));
  },
  open: async ({ playwright, folder }, use) => {
    const browser = await playwright.chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
    let served = '';
    const host = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(served));
    await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
    await use(async (html, from, options = {}) => {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1100, height: 800 }, ...options });
      const downloads: Download[] = [];
      context.on('page', (opened) => opened.on('download', (download) => downloads.push(download)));
      const page = await context.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      const path = join(folder, 'page.html');
      await writeFile(path, html);
      served = html;
      const { port } = host.address() as AddressInfo;
      await page.goto(from === 'file' ? pathToFileURL(path).href : `http://127.0.0.1:${port}/page.html`);
      return { page, said, downloads };
    });
    await browser.close();
    host.close();
  },
});

/** Fails for what keeps people with a screen reader or a keyboard from a page. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
}

export { expect } from 'playwright/test';
