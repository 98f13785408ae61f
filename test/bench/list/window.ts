import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type CDPSession, type Page } from 'playwright';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import { openBucketOf, scrollFor } from '../in-window.ts';
import type { Spread } from '../spread.ts';
import type { BenchServer } from './list.ts';

/** What a person meets who opens a folder of a million keys. */
export interface WindowResult {
  /** From the key press that opens the folder until its first rows are drawn: request, answer and drawing. */
  readonly firstRowsMs: number;
  /** Time between two frames while the wheel turns and further pages come in. */
  readonly frameMs: Spread;
  /** Until all of them are loaded. */
  readonly loadAllSeconds: number;
  /** What the page's heap grew by, garbage collected. */
  readonly bytesPerKey: number;
}

const KEYS = 1_000_000;

/** Opens the app on the server's bucket, scrolls, then loads all of it. The app must be built. */
export async function benchWindow(server: BenchServer): Promise<WindowResult> {
  useStandInWhereElectronIsMissing();
  const home = await mkdtemp(join(tmpdir(), 'waybill-bench-home-'));
  const app = await _electron.launch({
    args: [process.cwd(), `--user-data-dir=${join(home, 'profile')}`, '--lang=en-US'],
    env: { ...(process.env as Record<string, string>), HOME: home },
  });
  try {
    const page = await app.firstWindow();
    await openBucketOf(page, server);
    await page.getByRole('grid', { name: 'Files' }).getByText('scans').waitFor();
    const heap = await page.context().newCDPSession(page);
    const before = await heapBytes(heap);
    const firstRowsMs = await openFolder(page);
    const frameMs = await scrollFor(page, page.getByRole('grid', { name: 'Files' }));
    const loadAllSeconds = await loadAll(page);
    const bytesPerKey = ((await heapBytes(heap)) - before) / KEYS;
    return { firstRowsMs, frameMs, loadAllSeconds, bytesPerKey };
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Selects the folder and opens it; the clock runs in the page. */
async function openFolder(page: Page): Promise<number> {
  await page.getByRole('grid', { name: 'Files' }).getByText('scans').click();
  await page.evaluate(() => {
    const times = globalThis as unknown as { pressed: number; drawn: number };
    document.addEventListener('keydown', () => (times.pressed = performance.now()), { capture: true, once: true });
    const watcher = new MutationObserver(() => {
      if (document.querySelectorAll('[data-row]').length < 10) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => (times.drawn = performance.now())));
    });
    watcher.observe(document.body, { childList: true, subtree: true });
  });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => 'drawn' in globalThis);
  return page.evaluate(() => {
    const times = globalThis as unknown as { pressed: number; drawn: number };
    return times.drawn - times.pressed;
  });
}

async function loadAll(page: Page): Promise<number> {
  const start = performance.now();
  await page.getByRole('button', { name: 'Load all' }).click();
  await page.getByText('1,000,000 items').waitFor({ timeout: 600_000 });
  return (performance.now() - start) / 1000;
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { readonly usedSize: number };
  return usedSize;
}
