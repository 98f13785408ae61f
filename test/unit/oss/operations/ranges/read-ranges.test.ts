// A listing read in key ranges is the listing read page by page, whatever the keys are and in whatever order pages arrive.
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { WaybillError } from '../../../../../main/failure.ts';
import type { From } from '../../../../../main/oss/operations/ranges/key-range.ts';
import { readRanges, type ReadOptions } from '../../../../../main/oss/operations/ranges/read-ranges.ts';
import {
  byBytes,
  type MemoryPage,
  memoryListing,
  type MemoryServer,
  readOneByOne,
} from '../../../../support/memory-listing.ts';

const pad = (number: number, width: number): string => String(number).padStart(width, '0');
const upTo = (most: number) => fc.integer({ min: 0, max: most });
/** As many as possible: a few keys make no ranges. */
const many = { size: 'max', maxLength: 400 } as const;

/** Keys as people have them, and as nobody has them. */
const distributions: Readonly<Record<string, fc.Arbitrary<readonly string[]>>> = {
  numbers: upTo(400).map((count) => Array.from({ length: count }, (_, at) => `scans/scan ${pad(at, 8)}.tif`)),
  'numbers of any width': upTo(400).map((count) => Array.from({ length: count }, (_, at) => `img${at * 7}.jpg`)),
  dates: upTo(400).map((count) =>
    Array.from(
      { length: count },
      (_, at) => `${new Date(at * 1e9).toISOString().slice(0, 10).replaceAll('-', '/')}/${at}`,
    ),
  ),
  tree: fc.array(
    fc.tuple(upTo(4), upTo(12), upTo(200)).map(([a, b, c]) => `team ${a}/album-${b}/IMG_${pad(c, 4)}.jpg`),
    many,
  ),
  hashes: fc.array(
    fc.string({ unit: fc.nat(15).map((digit) => digit.toString(16)), minLength: 12, maxLength: 12 }),
    many,
  ),
  'one huge folder': fc
    .tuple(upTo(40), upTo(400))
    .map(([before, count]) => [
      ...Array.from({ length: before }, (_, at) => `a${at}/x`),
      ...Array.from({ length: count }, (_, at) => `b/huge/${pad(at, 9)}.dat`),
    ]),
  'all of Unicode': fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), many),
  'surrogates beside the end of the plane': fc.array(
    fc.string({
      unit: fc.constantFrom('\u{10000}', '\u{10ffff}', '\uffff', '\ue000', '\uff21', '\ud7ff', '/', '文', 'a'),
      minLength: 1,
      maxLength: 8,
    }),
    many,
  ),
  'a long prefix': fc
    .array(upTo(5000), many)
    .map((numbers) => numbers.map((number) => `${'深い/'.repeat(129)}${number}`)),
};
const anyKeys = fc.oneof(...Object.values(distributions)).map((keys) => [...new Set(keys)]);

async function readAll(
  server: MemoryServer,
  options: ReadOptions = {},
): Promise<{ names: string[]; requests: number }> {
  const listing = memoryListing(server);
  const names: string[] = [];
  for await (const page of readRanges(listing, options)) for (const name of page.names) names.push(name);
  return { names, requests: listing.asked.length };
}

/** Reads with answers that arrive in the order of the scheduler. */
async function readScheduled(scheduler: fc.Scheduler, server: MemoryServer): ReturnType<typeof readAll> {
  const answer = (page: MemoryPage): Promise<MemoryPage> => scheduler.schedule(Promise.resolve(page));
  return scheduler.waitFor(readAll({ ...server, answer }));
}

test.each(Object.entries(distributions))('%s: the same names in the same order', async (_what, keys) => {
  await fc.assert(
    fc.asyncProperty(
      keys,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('', '/'),
      fc.scheduler(),
      async (all, pageSize, delimiter, scheduler) => {
        const server = { keys: all, pageSize, delimiter };
        const { names } = await readScheduled(scheduler, server);
        expect(names).toEqual(await readOneByOne(memoryListing(server)));
      },
    ),
    { numRuns: 40 },
  );
});

test.each(Object.entries(distributions))('%s: at most 1.6 times the requests above ten pages', async (_what, keys) => {
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 5, max: 12 }), fc.scheduler(), async (all, pageSize, scheduler) => {
      const pages = Math.ceil(new Set(all).size / pageSize);
      fc.pre(pages > 10);
      const { requests } = await readScheduled(scheduler, { keys: all, pageSize });
      expect(requests).toBeLessThanOrEqual(1.6 * pages);
    }),
    { numRuns: 40 },
  );
});

test('one page takes one request, and so does an empty prefix', async () => {
  expect(await readAll({ keys: ['a', 'b', 'c'], pageSize: 3 })).toEqual({ names: ['a', 'b', 'c'], requests: 1 });
  expect(await readAll({ keys: ['a'], prefix: 'b', pageSize: 3 })).toEqual({ names: [], requests: 1 });
});

test('many pages are in flight at once', async () => {
  let [inFlight, most] = [0, 0];
  const answer = async (page: MemoryPage): Promise<MemoryPage> => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return page;
  };
  const keys = Array.from({ length: 10_000 }, (_, at) => `scans/scan ${pad(at, 8)}.tif`);
  // A server that always answers in the same time.
  let pages = 0;
  const now = (): number => (pages += 1) / Math.max(1, inFlight);
  const { names } = await readAll({ keys, pageSize: 50, answer }, { now });
  expect(names).toHaveLength(10_000);
  expect(most).toBeGreaterThan(4);
});

test('keys that are there all the time are listed once, while others come and go', async () => {
  const numbers = fc.array(upTo(3000), { size: 'max', maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(numbers, numbers, upTo(30), fc.scheduler(), async (stay, change, size, scheduler) => {
      const nameOf = (number: number): string => `logs/${pad(number, 5)}`;
      const staying = new Set(stay.map(nameOf));
      const keys = new Set(staying);
      const changing = change.map(nameOf).filter((key) => !staying.has(key));
      let at = 0;
      const answer = (page: MemoryPage): Promise<MemoryPage> => {
        for (const key of changing.slice(at, (at += 5))) if (!keys.delete(key)) keys.add(key);
        if (at >= changing.length) at = 0;
        return scheduler.schedule(Promise.resolve(page));
      };
      const { names } = await scheduler.waitFor(readAll({ keys, pageSize: size + 1, answer }));
      expect(names).toEqual([...new Set(names)].sort(byBytes));
      expect(names.filter((name) => staying.has(name))).toEqual([...staying].sort(byBytes));
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['sorts by UTF-16', { compare: (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0) }],
  ['begins every listing at its start', { ignoresStart: true }],
  ['sorts backwards', { compare: (one: string, other: string) => byBytes(other, one) }],
])('a server that %s is read page by page', async (_what, quirk: Partial<MemoryServer>) => {
  await fc.assert(
    fc.asyncProperty(anyKeys, fc.integer({ min: 2, max: 30 }), fc.scheduler(), async (keys, pageSize, scheduler) => {
      const server = { keys, pageSize, ...quirk };
      const { names } = await readScheduled(scheduler, server);
      expect(names).toEqual(await readOneByOne(memoryListing(server)));
    }),
    { numRuns: 40 },
  );
});

test('one page out of order in the middle is handed out as it came, and nothing twice', async () => {
  const keys = Array.from({ length: 600 }, (_, at) => `k${pad(at, 4)}`);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 580 }), fc.scheduler(), async (place, scheduler) => {
      const swapped = [keys[place] ?? '', keys[place + 1] ?? ''];
      const answer = (page: MemoryPage): Promise<MemoryPage> => {
        const at = page.names.indexOf(swapped[0] ?? '');
        const isWhole = at !== -1 && page.names[at + 1] === swapped[1];
        const names = isWhole ? page.names.with(at, swapped[1] ?? '').with(at + 1, swapped[0] ?? '') : page.names;
        return scheduler.schedule(Promise.resolve({ ...page, names }));
      };
      const { names } = await scheduler.waitFor(readAll({ keys, pageSize: 10, answer }));
      expect(names.toSorted(byBytes)).toEqual(keys);
    }),
    { numRuns: 40 },
  );
});

test('an error ends the listing once everything before it is handed out', async () => {
  const keys = Array.from({ length: 800 }, (_, at) => `k${pad(at, 5)}`);
  await fc.assert(
    fc.asyncProperty(upTo(799), fc.scheduler(), async (place, scheduler) => {
      const broken = keys[place] ?? '';
      const failure = new WaybillError({ kind: 'network', reason: 'reset' });
      const answer = async (page: MemoryPage): Promise<MemoryPage> => {
        await scheduler.schedule(Promise.resolve());
        if (page.names.includes(broken)) throw failure;
        return page;
      };
      const names: string[] = [];
      const reading = (async () => {
        const listing = memoryListing({ keys, pageSize: 10, answer });
        for await (const page of readRanges(listing)) for (const name of page.names) names.push(name);
      })();
      await expect(scheduler.waitFor(reading)).rejects.toBe(failure);
      expect(names).toEqual(keys.slice(0, names.length));
      // Where the page began depends on the split, which is at most a page before.
      expect(names.length).toBeLessThanOrEqual(place);
      expect(names.length).toBeGreaterThan(place - 10);
    }),
    { numRuns: 40 },
  );
});

/** A server whose answers wait until they are let go. */
function waitingServer(keys: readonly string[], pageSize: number) {
  const waiting: { readonly go: () => void; readonly signal: AbortSignal }[] = [];
  const answer = (page: MemoryPage, _from: From<string>, signal: AbortSignal): Promise<MemoryPage> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new WaybillError({ kind: 'cancelled' }));
      });
      const go = (): void => {
        resolve(page);
      };
      waiting.push({ go, signal });
    });
  return { waiting, listing: memoryListing({ keys, pageSize, answer }) };
}

test.each(['a signal', 'leaving the loop'])('%s stops all requests, and none follows', async (way) => {
  const keys = Array.from({ length: 3000 }, (_, at) => `k${pad(at, 5)}`);
  const { waiting, listing } = waitingServer(keys, 10);
  const abort = new AbortController();
  const pages = readRanges(listing, { signal: abort.signal });
  const first = pages.next();
  waiting.shift()?.go();
  await first;
  for (let at = 0; at < 10; at += 1) {
    const next = pages.next();
    for (const { go } of waiting.splice(0)) go();
    await next;
  }
  await vi.waitUntil(() => waiting.length > 1);
  const asked = listing.asked.length;
  if (way === 'a signal') {
    abort.abort();
    await expect(pages.next()).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  } else {
    await pages.return(undefined);
  }
  expect(waiting.every(({ signal }) => signal.aborted)).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(listing.asked).toHaveLength(asked);
});

test('a slow reader is not read ahead of without a bound', async () => {
  const keys = Array.from({ length: 10_000 }, (_, at) => `k${pad(at, 6)}`);
  const listing = memoryListing({ keys, pageSize: 10 });
  const pages = readRanges(listing);
  let taken = 0;
  let ahead = 0;
  for (; taken < 100; taken += 1) {
    await pages.next();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    ahead = Math.max(ahead, listing.asked.length - taken);
  }
  expect(ahead).toBeLessThan(200);
  await pages.return(undefined);
});

test('a busy server is asked again, and by fewer requests at a time', async () => {
  const keys = Array.from({ length: 4000 }, (_, at) => `k${pad(at, 6)}`);
  const busy = new WaybillError({
    ...{ kind: 'oss', cause: 'busy', status: 503, code: 'SlowDown', message: '', requestId: '1' },
  } as never);
  let [inFlight, refused] = [0, 0];
  const answer = async (page: MemoryPage): Promise<MemoryPage> => {
    inFlight += 1;
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    if (inFlight < 2) return page;
    refused += 1;
    throw busy;
  };
  const retryDelayMs = (_failure: unknown, attempt: number): number | null => (attempt < 20 ? 0 : null);
  const { names } = await readAll({ keys, pageSize: 10, answer }, { retryDelayMs });
  expect(names).toEqual(keys);
  expect(refused).toBeGreaterThan(0);
});

test('by default it gives up on a server that stays busy', async () => {
  let asked = 0;
  const failure = { kind: 'oss', cause: 'busy', status: 503, code: 'SlowDown', message: '' } as const;
  const answer = (): Promise<MemoryPage> => {
    asked += 1;
    return Promise.reject(new WaybillError({ ...failure, retryAfterMs: 3_600_000 }));
  };
  await expect(readAll({ keys: ['a'], pageSize: 1, answer })).rejects.toMatchObject({ failure: { cause: 'busy' } });
  expect(asked).toBe(1);
});
