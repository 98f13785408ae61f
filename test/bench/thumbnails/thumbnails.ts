import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { useStandInWhereElectronIsMissing } from '../../host/where.ts';
import { openBucketOf, scrollFor } from '../in-window.ts';
import { type BenchServer, withServer } from '../list/list.ts';
import type { Spread } from '../spread.ts';

/** What a person meets who looks through a folder of 100,000 pictures. */
export interface ThumbnailsResult {
  /** Time between two frames while the wheel turns. */
  readonly frameMs: Spread;
  /** From the end of scrolling until each picture on the screen is shown. */
  readonly shownMs: number;
  /** Pictures that are on the screen then. */
  readonly shown: number;
  /** What main's memory grew by, in MiB. */
  readonly mainMib: number;
}

const PICTURES = 100_000;

/** Opens the app on a bucket of pictures, loads all of it, and scrolls through its thumbnails. The app must be built. */
export async function benchThumbnails(): Promise<ThumbnailsResult> {
  const results: ThumbnailsResult[] = [];
  await withServer(PICTURES, async (server) => void results.push(await lookThrough(server)), 'thumbnail-server.js');
  const [result] = results;
  if (result === undefined) throw new Error('the pictures were not looked at');
  return result;
}

async function lookThrough(server: BenchServer): Promise<ThumbnailsResult> {
  useStandInWhereElectronIsMissing();
  const home = await mkdtemp(join(tmpdir(), 'waybill-bench-home-'));
  const app = await _electron.launch({
    args: [process.cwd(), `--user-data-dir=${join(home, 'profile')}`, '--lang=en-US'],
    env: { ...(process.env as Record<string, string>), HOME: home },
  });
  const mainBytes = () => app.evaluate(() => process.memoryUsage().rss);
  try {
    const page = await app.firstWindow();
    await openBucketOf(page, server);
    await page.getByRole('grid', { name: 'Files' }).getByText('photos').dblclick();
    await page.getByRole('grid', { name: 'Files' }).getByText('IMG 000000.jpg').waitFor();
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Thumbnails' }).click();
    await page.getByRole('button', { name: 'Load all' }).click();
    await page.getByText(`${PICTURES.toLocaleString('en-US')} items`).waitFor({ timeout: 120_000 });
    const before = await mainBytes();
    const tiles = page.getByRole('listbox', { name: 'Files' });
    const frameMs = await scrollFor(page, tiles);
    const stopped = performance.now();
    await page.waitForFunction(() => {
      const pictures = [...document.querySelectorAll('[role="listbox"] [role="option"]')];
      return pictures.every((tile) => tile.querySelector('img')?.complete === true);
    });
    const shownMs = performance.now() - stopped;
    const shown = await tiles.getByRole('option').count();
    return { frameMs, shownMs, shown, mainMib: ((await mainBytes()) - before) / 2 ** 20 };
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** The chapter's table. */
export function thumbnailsTable({ frameMs, shownMs, shown, mainMib }: ThumbnailsResult): readonly string[] {
  const frames = [frameMs.p50, frameMs.p95, frameMs.max].map((ms) => ms.toFixed(1)).join(', ');
  return [
    'The window over a folder of 100,000 pictures as thumbnails, from a server in a process of its own that makes them at once.',
    '',
    '| | measured | goal |',
    '| --- | ---: | ---: |',
    `| between two frames while scrolling: median, p95, longest | ${frames} ms | p95 17 ms |`,
    `| from the last turn of the wheel until the ${shown} pictures drawn are shown | ${Math.round(shownMs)} ms | |`,
    `| memory of main meanwhile | ${Math.round(mainMib)} MiB | 64 MiB of pictures |`,
  ];
}
