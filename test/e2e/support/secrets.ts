import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { inHeap } from '../../support/canaries.ts';
import { expect } from './app.ts';

/** How many of the secrets the page's heap or document holds. A failure must not print them. */
export async function countInPage(page: Page, secrets: readonly string[], known: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const heap = chunks.join('');
  // A snapshot that does not hold what the page certainly knows would prove nothing.
  expect(heap.includes(known), `the page knows ${known}`).toBe(true);
  const fields = page.locator('input, textarea');
  const values = await fields.evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value));
  const seen = [await page.content(), ...values];
  const isSeen = (secret: string): boolean =>
    heap.includes(inHeap(secret)) || seen.some((text) => text.includes(secret));
  return secrets.filter(isSeen).length;
}

/** Files below a folder that hold one of the secrets in any plain encoding. */
export async function filesWith(folder: string, secrets: readonly string[]): Promise<string[]> {
  const needles = secrets.flatMap((secret) => [
    Buffer.from(secret),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(Buffer.from(secret).toString('base64')),
    Buffer.from(encodeURIComponent(secret)),
  ]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.some((file) => file.endsWith('accounts.json'))).toBe(true);
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return needles.some((needle) => bytes.includes(needle)) ? [file] : [];
    }),
  );
  return found.flat();
}

/** Processes, ours and those that it started, whose command line or environment holds one of the secrets (Linux). */
export async function processesWith(pid: number, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const id of [pid, ...(await childrenOf(pid))]) {
    for (const what of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${id}/${what}`, 'utf8').catch(() => '');
      if (secrets.some((secret) => text.includes(secret))) found.push(`${id} ${what}`);
    }
  }
  return found;
}

async function childrenOf(pid: number): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = listed.trim().split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(childrenOf))).flat()];
}
