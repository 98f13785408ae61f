// Files handed in through a page, in a browser that is no part of Waybill. What the page says is compared with the bucket.
import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { makeCrc64 } from '../../main/crc64/crc64.ts';
import { counted, like, t, zh } from '../support/words.ts';
import { type DropPlace, expect, test } from './support/drop-page.ts';
import { memoryOfChildren } from './support/memory.ts';

const MB = 1024 ** 2;

/** Bytes that differ from place to place, and from file to file. */
function noise(bytes: number, seed: number): Buffer {
  const noise = Buffer.alloc(bytes);
  let state = seed * 2654435761 + 1;
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise.writeUInt32LE(state, at);
  }
  return noise;
}

function crc64Of(bytes: Uint8Array): string {
  const crc64 = makeCrc64();
  crc64.update(bytes);
  return crc64.digest();
}

/** Files on the disk, by name, with their CRC-64. */
async function files(place: DropPlace, sizes: Readonly<Record<string, number>>): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const [name, size] of Object.entries(sizes)) {
    const bytes = noise(size, made.size + 1);
    await place.file(name, bytes);
    made.set(name, crc64Of(bytes));
  }
  return made;
}

const thirty = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`photo ${index + 1}.jpg`, 1000 + 7919 * index]),
);

async function choose(page: Page, place: DropPlace, names: Iterable<string>): Promise<void> {
  await page.locator('#files').setInputFiles([...names].map((name) => join(place.folder, name)));
}

async function send(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: t('page.drop.start', counted(count)), exact: true }).click();
}

const row = (page: Page, name: string): Locator => page.getByRole('listitem').filter({ hasText: name });

/** What is stored, by the name that a key ends in. */
async function storedByName(place: DropPlace): Promise<ReadonlyMap<string, string | null>> {
  const stored = [...(await place.stored())];
  return new Map(stored.map(([key, { crc64 }]) => [key.replace(/^in\/[0-9a-z]{9}-[0-9a-z]{12}-/, ''), crc64]));
}

async function expectEnd(page: Page, count: number): Promise<void> {
  await expect(page.getByRole('heading', { name: t('page.drop.end.all', counted(count)) })).toBeVisible({
    timeout: 60_000,
  });
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test.describe.configure({ mode: 'default' });

for (const from of ['file', 'http'] as const) {
  test(`from ${from}: 30 files and a large one arrive, whatever cuts in, and are verified`, async ({ place }) => {
    await place.rule();
    const made = await files(place, { ...thirty, 'film.mov': 64 * MB });
    const large = made.get('film.mov');
    const page = await place.open({ from, form: { sizeBytes: { min: 1, max: 10 * MB } }, tickets: [64 * MB] });
    await page.evaluate(() => Object.assign(window, { before: 1 }));
    // The network fails after some of the files, in the middle of others, and for good in the large one.
    const { faults } = place.server;
    faults.add({
      match: { operation: 'PostObject' },
      skip: 5,
      times: 3,
      effect: { kind: 'reset', at: 'mid-upload', afterBytes: 500 },
    });
    faults.add({ match: { operation: 'PostObject' }, skip: 10, times: 1, effect: { kind: 'reset', at: 'after-work' } });
    faults.add({
      match: { operation: 'PostObject' },
      skip: 14,
      times: 2,
      effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
    });
    faults.add({
      match: { operation: 'UploadPart' },
      skip: 2,
      effect: { kind: 'reset', at: 'mid-upload', afterBytes: 100_000 },
    });
    await choose(page, place, made.keys());
    await send(page, 31);
    await expect(row(page, 'film.mov')).toContainText(t('page.drop.state.interrupted'), { timeout: 60_000 });
    for (const name of Object.keys(thirty)) {
      await expect(row(page, name)).toContainText(/Sent and (?:verified|accepted)/, { timeout: 60_000 });
    }
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    faults.clear();
    await expect(page.getByText(t('page.drop.parts.begun', { names: 'film.mov' }))).toBeVisible();
    const parts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') parts.push(new URL(request.url()).searchParams.get('partNumber') ?? '');
    });
    await choose(page, place, ['film.mov']);
    await send(page, 1);
    await expectEnd(page, 1);
    await expect(row(page, 'film.mov')).toContainText(t('page.drop.state.verified'));
    // Two of its four parts had arrived.
    expect(new Set(parts).size).toBe(2);
    const stored = await storedByName(place);
    expect(stored.get('in/large-1')).toBe(large);
    // Beside it stands what it was called.
    const [note = ''] = [...(await place.stored()).keys()].filter((key) => key.endsWith('-film.mov.txt'));
    const noted = (await place.read(note)).toString();
    expect(noted).toContain(t('page.drop.receipt.key', { key: 'in/large-1' }));
    expect(noted).toContain(t('page.drop.receipt.crc64', { crc64: large ?? '' }));
    expect(new Map([...stored].filter(([name]) => name !== 'in/large-1' && name !== 'film.mov.txt'))).toEqual(
      new Map([...made].filter(([name]) => name !== 'film.mov')),
    );
  });
}

test('without a CORS rule nothing is stored, and the page says what stands in the way', async ({ place }) => {
  const made = await files(place, { 'a.txt': 100, 'b.txt': 200 });
  const page = await place.open();
  const requests: string[] = [];
  page.on('requestfailed', (request) => requests.push(request.method()));
  await choose(page, place, made.keys());
  await send(page, 2);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(t('page.drop.blocked.title', { bucket: place.bucket }));
  await expect(alert).toContainText(t('page.drop.blocked.next'));
  expect((await place.stored()).size).toBe(0);
  // One attempt for one file, not one for each of them over and over.
  expect(requests).toHaveLength(1);
  await expectAccessible(page);
  await place.rule();
  await alert.getByRole('button', { name: t('page.retry') }).click();
  await expectEnd(page, 2);
  expect(await storedByName(place)).toEqual(made);
});

test('files of a folder keep their place in it', async ({ place }) => {
  await place.rule();
  const folder = join(place.folder, 'trip');
  await mkdir(join(folder, 'day 1'), { recursive: true });
  await writeFile(join(folder, 'plan.txt'), 'plan');
  await writeFile(join(folder, 'day 1', 'photo.jpg'), 'photo');
  await writeFile(join(folder, '.DS_Store'), 'x');
  const page = await place.open();
  await page.locator('#folder').setInputFiles(folder);
  await send(page, 2);
  await expectEnd(page, 2);
  expect([...(await storedByName(place)).keys()].sort()).toEqual(['trip/day 1/photo.jpg', 'trip/plan.txt']);
});

for (const from of ['file', 'http'] as const) {
  test(`from ${from}: files and folders can be dropped anywhere on the page`, async ({ place }) => {
    await place.rule();
    const made = await files(place, { 'a.txt': 100 });
    const folder = join(place.folder, 'many');
    await mkdir(join(folder, 'deep'), { recursive: true });
    // More than a reader of folders gives at once.
    for (let index = 1; index <= 120; index += 1) await writeFile(join(folder, 'deep', `${index}.txt`), `${index}`);
    const page = await place.open({ from });
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [join(place.folder, 'a.txt'), folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 10, y: 10, data });
    }
    await expect(page.locator('.area')).toHaveClass(/over/);
    await session.send('Input.dispatchDragEvent', { type: 'drop', x: 10, y: 10, data });
    await send(page, 121);
    await expectEnd(page, 121);
    await expect(page.locator('.area')).not.toHaveClass(/over/);
    const stored = await storedByName(place);
    expect(stored.get('a.txt')).toBe(made.get('a.txt'));
    expect([...stored.keys()].filter((name) => name.startsWith('many/deep/'))).toHaveLength(120);
  });
}

test('an answer that was lost after the file was stored counts as accepted, and the file is stored once', async ({
  place,
}) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 300_000 });
  place.server.faults.add({
    match: { operation: 'PostObject' },
    times: 1,
    effect: { kind: 'reset', at: 'after-work' },
  });
  const page = await place.open();
  await choose(page, place, made.keys());
  await send(page, 1);
  await expectEnd(page, 1);
  expect(await storedByName(place)).toEqual(made);
});

test('where the rule exposes no checksum, files are accepted, not verified', async ({ place }) => {
  await place.rule({ exposeHeaders: [] });
  const made = await files(place, { 'a.txt': 100, 'film.mov': 20 * MB });
  const page = await place.open({ form: { sizeBytes: { min: 1, max: MB } }, tickets: [20 * MB] });
  await choose(page, place, made.keys());
  await send(page, 2);
  await expectEnd(page, 2);
  for (const name of made.keys()) await expect(row(page, name)).toContainText(t('page.drop.state.accepted'));
  await expect(page.getByText(t('page.drop.end.accepted'))).toBeVisible();
  const stored = await storedByName(place);
  expect([stored.get('a.txt'), stored.get('in/large-1')]).toEqual([...made.values()]);
});

test('a file that arrived otherwise than it was sent is named, and sent again under another name', async ({
  place,
}) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 100 });
  const page = await place.open();
  await page.evaluate(() => {
    const { prototype } = XMLHttpRequest;
    // oxlint-disable-next-line unbound-method -- It is called with its own request below.
    const original = prototype.getAllResponseHeaders;
    prototype.getAllResponseHeaders = function () {
      prototype.getAllResponseHeaders = original;
      return original.call(this).replace(/(x-oss-hash-crc64ecma: )\d+/, '$11');
    };
  });
  await choose(page, place, made.keys());
  await send(page, 1);
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.problem.damaged'));
  await page.getByRole('button', { name: t('page.drop.again', { name: 'a.txt' }) }).click();
  await expectEnd(page, 1);
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.state.verified'));
  expect((await place.stored()).size).toBe(2);
});

test('places that are taken are passed over, and the names of files travel with them', async ({ place }) => {
  await place.rule();
  await place.put('in/1', 'somebody else’s');
  const made = await files(place, { '报告 a+b.txt': 100, 'b.txt': 200, 'c.txt': 300 });
  const page = await place.open({ form: { slots: { names: ['1', '2', '3'] } } });
  await expect(page.getByText(t('page.drop.limit.count', counted(3)))).toBeVisible();
  await choose(page, place, made.keys());
  await send(page, 3);
  await expect(page.getByRole('heading', { name: t('page.drop.end.some', counted(2)) })).toBeVisible();
  await expect(page.getByText(t('page.drop.problem.no-place'))).toHaveCount(1);
  const stored = await place.stored();
  expect(stored.get('in/1')?.name).toBeUndefined();
  const names = [stored.get('in/2')?.name, stored.get('in/3')?.name].map((name) => decodeURIComponent(name ?? ''));
  const crcs = [stored.get('in/2')?.crc64, stored.get('in/3')?.crc64];
  expect(names.map((name) => made.get(name))).toEqual(crcs);
});

test('what the page doesn’t take is refused before anything is sent', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'empty.png': 0, 'big.png': 3 * MB, 'note.txt': 10, 'good.png': 10 });
  const limits = { sizeBytes: { min: 1, max: 2 * MB }, contentTypes: ['image/png'] };
  const page = await place.open({ form: limits });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await choose(page, place, made.keys());
  await expect(row(page, 'empty.png')).toContainText(t('page.drop.problem.empty'));
  await expect(row(page, 'big.png')).toContainText(t('page.drop.problem.too-large', { limit: '2 MB' }));
  await expect(row(page, 'note.txt')).toContainText(t('page.drop.problem.type'));
  expect(sent).toEqual([]);
  await send(page, 1);
  await expect(row(page, 'good.png')).toContainText(t('page.drop.state.verified'));
  expect(await storedByName(place)).toEqual(new Map([['good.png', made.get('good.png')]]));
});

test('an expired page says so, also by the clock of the server', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 100 });
  const page = await place.open({ form: { expiresSeconds: 600 } });
  place.server.faults.clockOffsetMs = 3_600_000;
  await choose(page, place, made.keys());
  await send(page, 1);
  await expect(page.getByRole('alert')).toContainText(t('page.drop.expired.title'));
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.problem.closed'));
  await expect(page.getByRole('button', { name: t('page.drop.choose-files') })).toBeHidden();
});

test('a device’s clock that is ahead closes no page: the server’s answer tells', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 100 });
  const page = await place.open({ from: 'http' });
  await page.addInitScript('const now = Date.now; Date.now = () => now() + 7_200_000;');
  await page.reload();
  await expect(page.getByRole('alert')).toContainText(t('page.drop.clock.title'));
  await choose(page, place, made.keys());
  await send(page, 1);
  await expectEnd(page, 1);
  await expect(page.getByRole('alert')).toBeHidden();
  await expect(page.getByText(like('page.drop.left', { length: /min/ }))).toBeVisible();
  expect(await storedByName(place)).toEqual(made);
});

test('a large file has an allowed type, and says where its name couldn’t be sent along', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'film.mov': 8 * MB, 'film.bin': 8 * MB });
  const limits = { sizeBytes: { min: 1, max: MB }, contentTypes: ['video/quicktime'] };
  const page = await place.open({ form: limits, tickets: [8 * MB, 8 * MB] });
  await choose(page, place, made.keys());
  await expect(row(page, 'film.bin')).toContainText(t('page.drop.problem.type'));
  await send(page, 1);
  await expect(row(page, 'film.mov')).toContainText(t('page.drop.state.verified'), { timeout: 60_000 });
  await expect(row(page, 'film.mov')).toContainText(
    t('page.drop.parts.unnamed', { state: t('page.drop.state.verified') }),
  );
  expect((await place.stored()).size).toBe(1);
});

test('a place that may hold the file already is not confirmed, and the next one stays free', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 300_000 });
  place.server.faults.add({ match: { operation: 'PostObject' }, times: 1, effect: { kind: 'latency', ms: 2000 } });
  const page = await place.open({ from: 'http', form: { slots: { names: ['1', '2'] } } });
  await choose(page, place, made.keys());
  await send(page, 1);
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.state.finishing'));
  await page.getByRole('button', { name: t('page.drop.cancel', { name: 'a.txt' }) }).click();
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.state.cancelled-late'));
  // Whether the server still takes what left is up to the connection: here something lies there in any case.
  await place.put('in/1', 'what arrived');
  await page.getByRole('button', { name: t('page.drop.again', { name: 'a.txt' }) }).click();
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.state.unconfirmed', { key: 'in/1' }));
  await expect(page.getByRole('button', { name: t('page.drop.receipt.save') })).toBeVisible();
  expect([...(await place.stored()).keys()]).toEqual(['in/1']);
  await expectAccessible(page);
});

test('the receipt names what arrived and what didn’t, and holds no permission', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 1234, 'empty.txt': 0 });
  const page = await place.open();
  await choose(page, place, made.keys());
  await send(page, 1);
  await expect(row(page, 'a.txt')).toContainText(t('page.drop.state.verified'));
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: t('page.drop.receipt.save') }).click();
  const receipt = await readFile(await (await download).path(), 'utf8');
  const [key = ''] = [...(await place.stored()).keys()];
  for (const line of [
    'a.txt',
    t('page.drop.receipt.size', { size: '1,234' }),
    t('page.drop.receipt.key', { key }),
    t('page.drop.receipt.verified'),
    t('page.drop.receipt.crc64', { crc64: made.get('a.txt') ?? '' }),
    t('page.drop.receipt.reason', { name: 'empty.txt', reason: t('page.drop.problem.empty') }),
  ]) {
    expect(receipt).toContain(line);
  }
  expect(receipt).toMatch(like('page.drop.receipt.request', { id: /[0-9A-F]{24}/ }));
  expect(receipt).not.toMatch(/signature|policy|OSS4|eyJ/i);
});

test('one file is cancelled while the others go on, and leaving the page asks first', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'slow.bin': 20 * MB, 'quick.txt': 100 });
  place.server.faults.add({
    match: { operation: 'PostObject' },
    times: 1,
    effect: { kind: 'slow', bytesPerSecond: MB },
  });
  const page = await place.open();
  await choose(page, place, made.keys());
  await send(page, 2);
  await expect(row(page, 'quick.txt')).toContainText(t('page.drop.state.verified'));
  const asked = page.waitForEvent('dialog');
  const left = page.close({ runBeforeUnload: true });
  await (await asked).dismiss();
  await left;
  await page.getByRole('button', { name: t('page.drop.cancel', { name: 'slow.bin' }) }).click();
  await expect(row(page, 'slow.bin')).toContainText(/Cancelled/);
  await expect(page.getByRole('heading', { name: t('page.drop.end.some', counted(1)) })).toBeVisible();
  await expect.poll(() => storedByName(place)).toEqual(new Map([['quick.txt', made.get('quick.txt')]]));
});

test('the page keeps no secret, and nothing of its files in memory', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'film.mov': 64 * MB });
  const page = await place.open({ form: { sizeBytes: { min: 1, max: MB } }, tickets: [64 * MB] });
  place.server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 3,
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await choose(page, place, made.keys());
  await send(page, 1);
  await expect(row(page, 'film.mov')).toContainText(
    like('page.drop.problem.refused', { code: 'AccessDenied', id: /.*/ }),
  );
  const kept = await page.evaluate(async () => {
    const open = indexedDB.open('waybill-drop-page');
    await new Promise((done) => open.addEventListener('success', done));
    const all = open.result.transaction('begun').objectStore('begun').getAll();
    await new Promise((done) => all.addEventListener('success', done));
    const { usedJSHeapSize } = (performance as unknown as { memory: { usedJSHeapSize: number } }).memory;
    return { notes: all.result as unknown[], local: JSON.stringify(localStorage), usedJSHeapSize };
  });
  expect(kept.notes).toEqual([
    { uploadId: expect.any(String), name: 'film.mov', sizeBytes: 64 * MB, lastModified: expect.any(Number) },
  ]);
  expect(kept.local).toBe('{}');
  expect(kept.usedJSHeapSize).toBeLessThan(32 * MB);
});

test('Chinese readers read Chinese, and every state is accessible in light and dark', async ({ place }) => {
  await place.rule();
  const made = await files(place, { 'a.txt': 100, 'empty.txt': 0 });
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await place.open({ browser: { locale: 'zh-CN', colorScheme } });
    await expect(page.getByRole('heading', { name: zh('page.drop.title') })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expectAccessible(page);
    await choose(page, place, made.keys());
    await expect(row(page, 'empty.txt')).toContainText(zh('page.drop.problem.empty'));
    await expectAccessible(page);
    await page.getByRole('button', { name: zh('page.drop.start', counted(1)) }).press('Enter');
    await expect(page.getByRole('heading', { name: zh('page.drop.end.some', counted(1)) })).toBeFocused();
    await expectAccessible(page);
  }
});

const longBytes = Number(process.env['DROP_PAGE_BYTES'] ?? 0);

for (const from of ['file', 'http'] as const) {
  test(`from ${from}: a file of any size is cut off, goes on after a reload, with flat memory`, async ({
    place,
  }, info) => {
    test.skip(longBytes === 0, 'takes minutes and disk space: DROP_PAGE_BYTES=3221225472');
    test.setTimeout(3_600_000);
    await place.rule();
    const path = join(place.folder, 'film.mov');
    const file = await open(path, 'w');
    const crc64 = makeCrc64();
    for (let at = 0; at < longBytes; at += 16 * MB) {
      const bytes = noise(Math.min(16 * MB, longBytes - at), at);
      crc64.update(bytes);
      await file.write(bytes);
    }
    await file.close();
    const page = await place.open({ from, tickets: [longBytes] });
    const before = memoryOfChildren();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, memoryOfChildren())), 500);
    const started = Date.now();
    const arrived = Math.floor(longBytes / (16 * MB) / 2);
    const cut = { kind: 'reset', at: 'mid-upload', afterBytes: 100_000 } as const;
    place.server.faults.add({ match: { operation: 'UploadPart' }, skip: arrived, effect: cut });
    let taken = 0;
    page.on('response', (reply) => {
      if (reply.request().method() === 'PUT' && reply.ok()) taken += 1;
    });
    await choose(page, place, ['film.mov']);
    await send(page, 1);
    await expect(row(page, 'film.mov')).toContainText(t('page.drop.state.interrupted'), { timeout: 1_500_000 });
    // Others were under way when the first was cut off.
    await expect.poll(() => taken, { timeout: 60_000 }).toBe(arrived);
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    place.server.faults.clear();
    const parts = new Set<string | null>();
    page.on('request', (request) => {
      if (request.method() === 'PUT') parts.add(new URL(request.url()).searchParams.get('partNumber'));
    });
    await choose(page, place, ['film.mov']);
    await send(page, 1);
    const end = page.getByRole('heading', { name: t('page.drop.end.all', counted(1)) });
    await expect(end).toBeVisible({ timeout: 3_000_000 });
    clearInterval(watch);
    const seconds = (Date.now() - started) / 1000;
    await expect(row(page, 'film.mov')).toContainText(t('page.drop.state.verified'));
    expect(parts.size).toBe(Math.ceil(longBytes / (16 * MB)) - arrived);
    expect((await storedByName(place)).get('in/large-1')).toBe(crc64.digest());
    const measured = `${longBytes / MB} MB in ${seconds.toFixed(0)} s, memory ${before / MB} MB, at most ${most / MB} MB`;
    info.annotations.push({ type: 'measured', description: measured });
    console.log(measured);
    expect(most - before).toBeLessThan(200 * MB);
  });
}
