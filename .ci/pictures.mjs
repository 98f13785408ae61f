// `npm run pictures`: the pictures of the documentation, taken of the running app with a practice server that holds
// believable files. Writes docs/pictures/{browse,share,receive,page}-{light,dark}-{en,zh-CN}.png, and of handing in files
// docs/pictures/{request,drop,arrived,revoke,ticket,send}-light-en.png, and of revoking links
// docs/pictures/{revocable,take-back}-light-en.png, and of who has access docs/pictures/{access,access-give}-light-en.png.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mime from 'mime';
import { _electron } from 'playwright';
import { createServer } from 'vite';
import { takeAccessPictures } from './access-pictures.mjs';
import { takeHandInPictures } from './hand-in-pictures.mjs';
import { takePagePictures } from './page-pictures.mjs';
import { takeBackPictures } from './take-back-pictures.mjs';
import { ensureBuilt, ensureHostBuilt, root, say } from './steps.mjs';

/** @typedef {import('../main/practice/server.ts').PracticeServer} PracticeServer */
/** @typedef {import('../main/oss/connection.ts').Connection} Connection */
/** @typedef {import('../main/contract/contract.ts').Bridge} Bridge */
/** @typedef {import('playwright').Page} Page */
/** @typedef {import('playwright').ElectronApplication} ElectronApplication */
/** @typedef {{ key: string, bytes: number, daysAgo: number }} Sample */
/** @typedef {{ account: string, buckets: string[], samples: Sample[], select: string, uploads: [string, number][] }} Scene */

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const depotKey = { accessKeyId: 'LTAI5tDepotQm4Example', accessKeySecret: 'a-secret-of-the-pictures', name: 'depot' };
const [shared, ...otherBuckets] = ['nordwind-shipments', 'nordwind-archive', 'nordwind-exchange', 'nordwind-website'];
const longRole = 'acs:ram::1000000000000001:role/nordwind-share';
const ca = join(root, 'test', 'support', 'tls', 'ca.crt');

/** @type {readonly { bytes: number, daysAgo: number, en: string, 'zh-CN': string }[]} */
const samples = [
  { bytes: 18_200, daysAgo: 30, en: '2026-10/manifest.csv', 'zh-CN': '2026-10/舱单.csv' },
  { bytes: 21_430, daysAgo: 3, en: '2026-11/manifest.csv', 'zh-CN': '2026-11/舱单.csv' },
  { bytes: 412_000, daysAgo: 90, en: 'contracts/frame-agreement.pdf', 'zh-CN': '合同/框架协议.pdf' },
  { bytes: 2_310_000, daysAgo: 12, en: 'photos/pier-4.jpg', 'zh-CN': '照片/四号码头.jpg' },
  { bytes: 291_330, daysAgo: 2, en: 'bill-of-lading-HZ-20817.pdf', 'zh-CN': '提单-HZ-20817.pdf' },
  { bytes: 38 * MB, daysAgo: 26, en: 'crane-inspection-october.mp4', 'zh-CN': '吊车检测-10月.mp4' },
  { bytes: 6_204, daysAgo: 1, en: 'packing-list.csv', 'zh-CN': '装箱单.csv' },
  { bytes: 139_800, daysAgo: 61, en: 'price-list-2026.xlsx', 'zh-CN': '价目表 2026.xlsx' },
  { bytes: 141_020, daysAgo: 20, en: 'price-list-2026.xlsx', 'zh-CN': '价目表 2026.xlsx' },
  { bytes: 148_770, daysAgo: 4, en: 'price-list-2026.xlsx', 'zh-CN': '价目表 2026.xlsx' },
  { bytes: 1_904, daysAgo: 120, en: 'README.md', 'zh-CN': 'README.md' },
  { bytes: 1_480_000, daysAgo: 15, en: 'warehouse-plan.png', 'zh-CN': '仓库平面图.png' },
  { bytes: 203_480, daysAgo: 5, en: '报关单 2026-11.pdf', 'zh-CN': '报关单 2026-11.pdf' },
];

/** @type {readonly { bytes: number, en: string, 'zh-CN': string }[]} */
const uploads = [
  { bytes: 96 * MB, en: 'crane-inspection-november.mp4', 'zh-CN': '吊车检测-11月.mp4' },
  { bytes: 64 * MB, en: 'container-photos.zip', 'zh-CN': '集装箱照片.zip' },
  { bytes: 40 * MB, en: 'delivery-notes.zip', 'zh-CN': '送货单.zip' },
  { bytes: 30 * MB, en: 'pier-4-survey.tif', 'zh-CN': '四号码头测绘.tif' },
];

/** @type {readonly [string, number][]} */
const handed = [
  ['pier-4-north.jpg', 3_412_000],
  ['pier-4-crane.jpg', 2_871_000],
  ['inspection-report.pdf', 684_000],
];

const accountNames = { en: 'Nordwind Logistics', 'zh-CN': '北风物流' };
const shownObjects = { en: 'price-list-2026.xlsx', 'zh-CN': '价目表 2026.xlsx' };

/**
 * @param {'en' | 'zh-CN'} locale
 * @returns {Scene}
 */
function sceneOf(locale) {
  return {
    account: accountNames[locale],
    buckets: otherBuckets,
    select: shownObjects[locale],
    samples: samples.map((sample) => ({ ...sample, key: sample[locale] })),
    uploads: uploads.map((upload) => [upload[locale], upload.bytes]),
  };
}

await ensureBuilt();
await useStandIn();
const vite = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, hmr: false, watch: null },
});
const { startPractice } = await load('main/practice/server.ts');
const { putObject } = await load('main/oss/operations/objects.ts');
const { sendForHeaders } = await load('main/oss/exchange/request.ts');
const { ServerClock } = await load('main/oss/connection.ts');
const { parseEndpoint } = await load('main/oss/endpoint.ts');
const { makeDispatcher } = await load('main/http/dispatcher.ts');
const { testTls, testCa } = await load('test/support/tls/certificate.ts');
const { leadOssHere } = await load('test/e2e/support/oss-here.ts');
const { findChromium } = await load('test/host/chromium-flags.ts');
await mkdir(join(root, 'docs', 'pictures'), { recursive: true });
try {
  for (const locale of /** @type {const} */ (['en', 'zh-CN'])) await takePictures(locale);
} finally {
  await vite.close();
}

/** @param {'en' | 'zh-CN'} locale */
async function takePictures(locale) {
  const scene = sceneOf(locale);
  /** @type {typeof import('../assets/locales/en.json')} */
  const words = JSON.parse(await readFile(join(root, 'assets', 'locales', `${locale}.json`), 'utf8'));
  const folder = await makeHome();
  let clockMs = Date.now();
  const server = await startOnWebPort({ dataDir: join(folder, 'server'), now: () => clockMs });
  await fill(server, scene, (ms) => (clockMs = ms));
  const ticking = setInterval(() => (clockMs = Date.now()), 50);
  const app = await _electron.launch({
    args: [root, `--user-data-dir=${join(folder, 'profile')}`, `--lang=${locale}`],
    env: {
      .../** @type {Record<string, string>} */ (process.env),
      HOME: folder,
      NODE_EXTRA_CA_CERTS: ca,
    },
    colorScheme: null,
  });
  try {
    await leadOssHere(app);
    const page = await app.firstWindow();
    await page.setViewportSize({ width: 1280, height: 800 });
    await openAccount(page, server, scene);
    await startTransfers(app, page, { server, scene, folder, verified: words['transfers.verified'] });
    await shootBoth(page, 'browse', locale);

    await page.getByRole('row').filter({ hasText: scene.select }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: words['browse.share'] }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: words['share.make'] }).click();
    const link = await dialog.getByRole('textbox', { name: words['share.link'] }).inputValue();
    await shootBoth(page, 'share', locale);

    await page.keyboard.press('Escape');
    await app.evaluate(({ clipboard }, text) => clipboard.writeText(text), link);
    await page.keyboard.press('ControlOrMeta+V');
    await dialog.getByRole('button', { name: words['receive.check'] }).click();
    await dialog.getByRole('button', { name: words['receive.check'] }).waitFor({ state: 'detached' });
    await shootBoth(page, 'receive', locale);
    const path = await sharePage(app, page, folder);
    await takePagePictures({ path, locale, executablePath: findChromium() });
    if (locale === 'en') {
      await page.keyboard.press('Escape');
      await ask(page, 'settings.set', { theme: 'light' });
      const files = await makeFiles(folder, handed);
      const [large = { name: '', path: '' }] = await makeFiles(folder, scene.uploads.slice(0, 1));
      await takeHandInPictures({ app, page, words, folder, files, large, executablePath: findChromium() });
      await addRole(page, server, scene);
      await takeBackPictures({ page, words }, { bucket: shared ?? '', file: 'bill-of-lading' });
      await takeAccessPictures({ page, words }, shared ?? '');
    }
  } finally {
    await app.close();
    clearInterval(ticking);
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Shares the whole bucket as a page.
 * @param {ElectronApplication} app
 * @param {Page} page
 * @param {string} folder
 * @returns the page's path
 */
async function sharePage(app, page, folder) {
  await answerDialogs(app, [folder]);
  await ask(page, 'dialogs.pickFolder', {});
  const [account] = await ask(page, 'accounts.list', {});
  const place = {
    accountId: account?.id ?? '',
    bucket: shared ?? '',
    keys: [],
    prefixes: [''],
    format: 'page',
    folder,
  };
  const lifetime = { expiresSeconds: 3 * 86_400, fileName: null, open: 'download' };
  const { path } = await ask(page, 'links.makeMany', { ...place, ...lifetime });
  return path ?? '';
}

/**
 * Chooses these paths wherever the system's dialog opens: main takes no other from a page.
 * @param {ElectronApplication} app
 * @param {string[]} paths
 */
async function answerDialogs(app, paths) {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
}

/** A home folder: its name is in the pictures. */
async function makeHome() {
  const folder = join(tmpdir(), 'nordwind');
  return mkdir(folder).then(
    () => folder,
    () => mkdtemp(`${folder}-`),
  );
}

/**
 * Links look best without a port; where that of https is not to be had, they have one.
 * @param {{ dataDir: string, now: () => number }} options
 * @returns {Promise<PracticeServer>}
 */
async function startOnWebPort(options) {
  const roles = [{ arn: longRole, maxSessionSeconds: 43_200 }];
  const all = { ...options, seed: false, tls: testTls, users: [depotKey], roles };
  return startPractice({ ...all, port: 443 }).catch(() => startPractice(all));
}

/**
 * Puts the sample objects, each on its day.
 * @param {PracticeServer} server
 * @param {Scene} scene
 * @param {(ms: number) => void} setClock
 */
async function fill(server, { buckets, samples }, setClock) {
  const today = Date.now();
  let serverNow = today;
  /** @param {number} ms */
  const travelTo = (ms) => {
    serverNow = ms;
    setClock(ms);
  };
  const dispatcher = makeDispatcher({ ca: testCa });
  /** @type {Connection} */
  const connection = {
    endpoint: parseEndpoint(server.endpoint),
    region: server.region,
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ ...depotKey, securityToken: null }),
    clock: new ServerClock(() => serverNow),
    dispatcher,
  };
  travelTo(today - 400 * DAY_MS);
  for (const bucket of [shared ?? '', ...buckets]) await sendForHeaders(connection, { method: 'PUT', bucket });
  const body = Buffer.from('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
  await sendForHeaders(connection, { method: 'PUT', bucket: shared ?? '', params: { versioning: null }, body });
  for (const { key, bytes, daysAgo } of samples) {
    // Nobody works at the same minute every day.
    travelTo(today - daysAgo * DAY_MS - ((bytes * 7919) % 300) * 60_000);
    const headers = { 'content-type': mime.getType(key) ?? 'application/octet-stream' };
    await putObject(connection, { bucket: shared ?? '', key, headers, body: Buffer.alloc(bytes), sizeBytes: bytes });
  }
  travelTo(today);
  await dispatcher.destroy();
}

/**
 * @param {Page} page
 * @param {PracticeServer} server
 * @param {Scene} scene
 */
async function openAccount(page, server, { account, select }) {
  await page.getByRole('main').waitFor();
  // A page is not told of what it sets itself.
  await ask(page, 'settings.set', { transfersOpen: true, inspectorOpen: true });
  await page.reload();
  await page.getByRole('main').waitFor();
  await ask(page, 'accounts.add', { draft: draftOf(server, account) });
  await page.getByRole('button', { name: shared, exact: true }).click();
  await page.getByRole('row').filter({ hasText: select }).click();
}

/**
 * Lets the account assume a role, which links that can be revoked need.
 * @param {Page} page
 * @param {PracticeServer} server
 * @param {Scene} scene
 */
async function addRole(page, server, { account }) {
  const [first] = await ask(page, 'accounts.list', {});
  const role = { roleArn: longRole, sessionName: 'nordwind', durationSeconds: 43_200 };
  const draft = {
    ...draftOf(server, account),
    role,
    stsEndpoint: `https://${server.stsEndpoint}`,
    accessKeySecret: '',
  };
  await ask(page, 'accounts.update', { id: first?.id, draft });
}

/**
 * @param {PracticeServer} server
 * @param {string} account its name
 */
function draftOf(server, account) {
  const { port } = new URL(server.endpoint);
  return {
    ...{ kind: 'key', name: account, colour: 'teal' },
    ...{ accessKeyId: depotKey.accessKeyId, accessKeySecret: depotKey.accessKeySecret },
    ...{ endpoint: `https://oss-cn-hangzhou.aliyuncs.com${port === '' ? '' : `:${port}`}`, region: 'cn-hangzhou' },
    ...{ securityToken: null, tokenValidUntil: null, cname: false, signVersion: 'v4', startPath: null, role: null },
    ...{ stsEndpoint: null, defaultExpirySeconds: 86_400, remember: true },
  };
}

/**
 * Lets one download end and uploads run at a speed at which they can be looked at.
 * @param {ElectronApplication} app
 * @param {Page} page
 * @param {{ server: PracticeServer, scene: Scene, folder: string, verified: string }} given
 */
async function startTransfers(app, page, { server, scene, folder, verified }) {
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: shared ?? '' };
  const downloads = join(folder, 'Downloads');
  await mkdir(downloads);
  const done = { ...place, keys: [scene.samples[4]?.key ?? ''], prefixes: [], versionId: null, folder: downloads };
  await ask(page, 'transfers.download', done);
  await page.getByText(verified).waitFor();

  server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'slow', bytesPerSecond: 0.5 * MB } });
  server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'slow', bytesPerSecond: 0.4 * MB } });
  const paths = (await makeFiles(folder, scene.uploads)).map(({ path }) => path);
  await answerDialogs(app, paths);
  await ask(page, 'dialogs.pickFiles', { what: 'files' });
  await ask(page, 'transfers.upload', { ...place, prefix: '2026-11/', paths });
  for (;;) {
    const transfers = await ask(page, 'transfers.list', {});
    const first = transfers.find(({ name }) => name === scene.uploads[0]?.[0]);
    if (first !== undefined && first.sizeBytes !== null && first.doneBytes > 0.3 * first.sizeBytes) break;
    await page.waitForTimeout(200);
  }
}

/**
 * Writes files of zeros.
 * @param {string} folder
 * @param {readonly [string, number][]} wanted names with sizes in bytes
 */
async function makeFiles(folder, wanted) {
  const made = [];
  for (const [name, bytes] of wanted) {
    const path = join(folder, name);
    await pipeline(Readable.from(zeros(bytes)), createWriteStream(path));
    made.push({ name, path });
  }
  return made;
}

/** @param {number} bytes */
function* zeros(bytes) {
  const chunk = Buffer.alloc(MB);
  for (let left = bytes; left > 0; left -= MB) yield chunk.subarray(0, Math.min(MB, left));
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {string} locale
 */
async function shootBoth(page, name, locale) {
  for (const theme of ['light', 'dark']) {
    await ask(page, 'settings.set', { theme });
    await page.mouse.move(640, 790);
    await page.evaluate(async () => {
      await document.fonts.ready;
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    });
    // Notes of what was just done go away by themselves.
    await page.locator('.news .item').first().waitFor({ state: 'detached', timeout: 15_000 });
    const path = join(root, 'docs', 'pictures', `${name}-${theme}-${locale}.png`);
    await page.screenshot({ path });
    say(`Wrote ${path}`);
  }
}

/**
 * Asks main over the page's own bridge.
 * @template {import('../main/contract/contract.ts').CallName} C
 * @param {Page} page
 * @param {C} name
 * @param {unknown} args
 * @returns {Promise<import('../main/contract/contract.ts').Results[C]>}
 */
async function ask(page, name, args) {
  const reply = await page.evaluate(([called, given]) => {
    const { waybill } = /** @type {{ waybill: Bridge }} */ (/** @type {unknown} */ (window));
    return waybill.call(/** @type {C} */ (called), /** @type {never} */ (given));
  }, /** @type {const} */ ([name, args]));
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
  return reply.value;
}

/** Where Electron's binary is missing, its stand-in on the system's Chromium is used. */
async function useStandIn() {
  if (existsSync(join(root, 'node_modules', 'electron', 'path.txt'))) return;
  await ensureHostBuilt();
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= join(root, 'test', 'host', 'dist');
}

/**
 * Our modules are TypeScript, which Node 20 does not read.
 * @param {string} path
 */
async function load(path) {
  return vite.ssrLoadModule(`/${path}`);
}
