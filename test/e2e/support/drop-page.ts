// The drop page in a browser that is no part of Waybill, against a practice server with or without a CORS rule.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { test as base } from 'playwright/test';
import { issueForm, type FormRequest } from '../../../main/links/forms/issue-form.ts';
import { pageCorsRule } from '../../../main/links/pages/cors-rule.ts';
import { renderDropPage } from '../../../main/links/pages/drop-page.ts';
import { issueTicket } from '../../../main/links/tickets/issue-ticket.ts';
import { type CorsRule, putBucketCors } from '../../../main/oss/operations/cors.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { findChromium } from '../../host/chromium-flags.ts';
import { makePracticeBucket, type PracticeBucket } from '../../integration/transfers/practice-bucket.ts';

/** What a page is opened with. */
interface Opening {
  readonly form?: Partial<FormRequest>;
  /** Sizes of prepared uploads, in bytes. */
  readonly tickets?: readonly number[];
  readonly from?: 'file' | 'http';
  readonly browser?: BrowserContextOptions;
}

/** A bucket that files are handed in to. */
export interface DropPlace extends PracticeBucket {
  /** Sets the rule of the bucket; none takes every page away. */
  rule(changes?: Partial<CorsRule>): Promise<void>;
  /** Signs a page and opens it. */
  open(opening?: Opening): Promise<Page>;
  /** Files of the bucket: size, CRC-64 and the name that was sent with it, by key. */
  stored(): Promise<ReadonlyMap<string, { size: number | null; crc64: string | null; name: string | undefined }>>;
}

export const test = base.extend<{ place: DropPlace }, { browserHere: Browser }>({
  browserHere: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
    async ({}, use) => {
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const browser = await chromium.launch({ executablePath: findChromium(), args });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  place: async ({ browserHere }, use) => {
    const practice = await makePracticeBucket();
    const ends: (() => unknown)[] = [];
    await use(placeOf(practice, browserHere, ends));
    for (const end of ends) await end();
    await practice.close();
  },
});

export { expect } from 'playwright/test';

const pages = pathToFileURL(`${resolve(import.meta.dirname, '../../../dist/pages')}/`);

function placeOf(practice: PracticeBucket, browser: Browser, ends: (() => unknown)[]): DropPlace {
  const { connection, bucket } = practice;
  return {
    ...practice,
    rule: (changes = {}) =>
      putBucketCors(connection, bucket, { rules: [{ ...pageCorsRule, ...changes }], responseVary: null, others: [] }),
    async open({ form: changes = {}, tickets: sizes = [], from = 'file', browser: options = {} } = {}) {
      const session = { accessKey: await connection.accessKey(), validUntil: null };
      const { form } = issueForm(connection, session, {
        ...{ bucket, prefix: 'in/', slots: null, sizeBytes: { min: 1, max: 64 * 1024 ** 2 }, contentTypes: [] },
        ...{ forbidOverwrite: true, expiresSeconds: 3600, ...changes },
      });
      const issued = sizes.map((sizeBytes, index) =>
        issueTicket(connection, session, { bucket, key: `in/large-${index + 1}`, sizeBytes, expiresSeconds: 3600 }),
      );
      const tickets = (await Promise.all(issued)).map(({ ticket }) => ticket);
      const html = await renderDropPage(form, tickets, pages);
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      ends.unshift(() => context.close());
      const page = await context.newPage();
      await page.goto(from === 'file' ? await saved(practice, html) : await served(html, ends));
      return page;
    },
    async stored() {
      const found = new Map<string, { size: number | null; crc64: string | null; name: string | undefined }>();
      const { objects } = await listObjects(connection, bucket, { prefix: 'in/' });
      for (const { key } of objects) {
        const { sizeBytes, crc64, meta } = await headObject(connection, { bucket, key });
        found.set(key, { size: sizeBytes, crc64, name: meta['name'] });
      }
      return found;
    },
  };
}

async function saved({ folder }: PracticeBucket, html: string): Promise<string> {
  const path = join(folder, 'drop.html');
  await writeFile(path, html);
  return pathToFileURL(path).href;
}

async function served(html: string, ends: (() => unknown)[]): Promise<string> {
  const server = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
