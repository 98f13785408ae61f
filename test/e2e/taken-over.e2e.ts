// A page that was taken over calls main as it likes: what main does for it only if a person gave the path or agreed.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { answerDialogs, answerQuestions, answerSaveDialogs } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { addAccount, ask, callMain, giveFolder, openPractice } from './support/waybill.ts';

const cancelled = { ok: false, failure: { kind: 'cancelled' } };
const notGranted = { ok: false, failure: { kind: 'input', rule: 'path-not-granted' } };

interface Stranger {
  readonly url: string;
  /** Method and path of each request. */
  readonly requests: string[];
  close(): void;
}

/** Somebody's server, which answers each request with a file. */
async function startStranger(body = '[Desktop Entry]\nType=Application\nExec=evil\n'): Promise<Stranger> {
  const requests: string[] = [];
  const server = createServer((request, answer) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume();
    answer.writeHead(200, { 'content-length': body.length, etag: '"e"' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => void server.close() };
}

/** A signed link to a stranger's server; nobody checks the signature before it is sent. */
function linkTo({ url }: Stranger, key: string): string {
  const date = new Date(Date.now() - 60_000).toISOString().replace(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    ...{ 'x-oss-signature-version': 'OSS4-HMAC-SHA256', 'x-oss-date': date, 'x-oss-expires': '86400' },
    'x-oss-credential': `LTAIxxxxxxxx/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-signature': 'ab'.repeat(32),
  });
  return `${url}/bucket/${key}?${query.toString()}`;
}

async function inspect(page: Page, text: string): Promise<string> {
  const card = await ask(page, 'links.inspect', { text });
  if (card.kind !== 'link') throw new Error('not a link');
  return card.linkId;
}

test('it reads and sends out no file that nobody gave', async ({ home, started }) => {
  const { page } = started;
  const stranger = await startStranger();
  const secret = join(home.folder, '.ssh', 'id_rsa');
  await mkdir(join(home.folder, '.ssh'));
  await writeFile(secret, 'CANARY-PRIVATE-KEY');
  await openPractice(page);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'waybill-inbox', prefix: '' };
  for (const path of [secret, '/etc/passwd', '/proc/self/environ', join(home.folder, '.ssh'), '.']) {
    expect(await callMain(page, 'transfers.upload', { ...place, paths: [path] }), path).toMatchObject(notGranted);
    const upload = { linkId: await inspect(page, linkTo(stranger, 'loot')), path, headers: {} };
    expect(await callMain(page, 'links.upload', upload), path).toMatchObject(notGranted);
    expect(await callMain(page, 'links.openFile', { path }), path).toMatchObject(notGranted);
    expect(await callMain(page, 'links.recognise', { paths: [path] }), path).toMatchObject(notGranted);
    expect(await callMain(page, 'accounts.readPasted', { path }), path).toMatchObject(notGranted);
    expect(await callMain(page, 'grants.open', { path, passphrase: 'p' }), path).toMatchObject(notGranted);
  }
  expect(await ask(page, 'transfers.list', {})).toEqual([]);
  expect((await ask(page, 'objects.list', { ...place, pageToken: null })).objects).toEqual([]);
  expect(stranger.requests).toEqual([]);
  stranger.close();
});

test('it fills no slot of an upload request with a file that nobody gave', async ({ page }) => {
  const stranger = await startStranger();
  const note = Buffer.from(JSON.stringify({ v: 1, m: 'PUT' })).toString('base64url');
  const slot = { name: 'loot', key: 'loot', method: 'PUT', headers: {} };
  const text = JSON.stringify({
    ...{ waybill: 'upload-request', version: 1, bucket: 'bucket', note: 'Please' },
    ...{ madeAt: new Date().toISOString(), validUntil: new Date(Date.now() + 9e7).toISOString() },
    slots: [{ ...slot, url: `${linkTo(stranger, 'loot')}#waybill=${note}` }],
  });
  const card = await ask(page, 'links.inspect', { text });
  if (card.kind !== 'upload-request') throw new Error('not an upload request');
  const fill = { fileId: card.fileId, name: 'loot', path: '/etc/passwd' };
  expect(await callMain(page, 'links.fillSlot', fill)).toMatchObject(notGranted);
  expect(stranger.requests).toEqual([]);
  stranger.close();
});

test('it can’t pass a path off as a dropped file', async ({ page }) => {
  const file = '/etc/passwd';
  const paths = await page.evaluate((path) => {
    const named = new File(['x'], path);
    const tried = [named, Object.defineProperty(new File(['x'], 'passwd'), 'path', { value: path })];
    return tried.map((one) => window.waybill.pathsOf([one])[0]);
  }, file);
  expect(paths).toEqual(['', '']);
  const refused = await page.evaluate((path) => {
    const answers = Object.fromEntries(['map', 'filter', 'forEach', 'at'].map((name) => [name, () => [path]]));
    const forged = Object.setPrototypeOf({ name: path, path }, File.prototype) as File;
    const tried = [[path, { name: path, path }], [forged], { length: 1, 0: path }, answers, Object.assign([], answers)];
    return tried.map((one) => {
      try {
        return window.waybill.pathsOf(one as unknown as File[]);
      } catch {
        return 'refused';
      }
    });
  }, file);
  expect(refused).toEqual([...Array<string>(4).fill('refused'), []]);
  await expect(callMain(page, 'files-given', [file])).rejects.toThrow(/No handler registered/);
  await expect(callMain(page, '../files-given', [file])).rejects.toThrow(/No handler registered/);
  expect(await callMain(page, 'links.openFile', { path: file })).toMatchObject(notGranted);
});

test('it writes into no folder that nobody chose', async ({ home, started }) => {
  const { page } = started;
  const stranger = await startStranger();
  const autostart = join(home.folder, '.config', 'autostart');
  await mkdir(autostart, { recursive: true });
  await openPractice(page);
  const [account] = await ask(page, 'accounts.list', {});
  const place = {
    accountId: account?.id ?? '',
    bucket: 'waybill-samples',
    keys: ['Welcome to Waybill.txt'],
    prefixes: [],
  };
  const linkId = await inspect(page, linkTo(stranger, 'evil.desktop'));
  for (const folder of [autostart, join(home.downloads, '..'), `${home.downloads}/../.config/autostart`]) {
    for (const [name, args] of [
      ['links.download', { linkId, folder, fileName: 'evil.desktop' }],
      ['transfers.download', { ...place, versionId: null, folder }],
      ['links.makeMany', { ...place, format: 'text', folder, expiresSeconds: 600, fileName: null, open: null }],
      ['ledger.export', { format: 'csv', folder, ids: null }],
      ['settings.set', { downloadFolder: folder }],
    ] as const) {
      expect(await callMain(page, name, args), `${name} ${folder}`).toMatchObject(notGranted);
    }
  }
  expect(await readdir(autostart)).toEqual([]);
  expect(stranger.requests).toEqual([]);
  stranger.close();
});

test('no link creates a file that programs are started or configured from, in a home that was chosen', async ({
  home,
  started,
}) => {
  const { page } = started;
  const stranger = await startStranger();
  await mkdir(join(home.folder, '.config', 'autostart'), { recursive: true });
  await giveFolder(started, home.folder);
  const linkId = await inspect(page, linkTo(stranger, 'evil.desktop'));
  const refused = { ok: false, failure: { kind: 'input', rule: 'start-place' } };
  const hidden = { linkId, folder: home.folder, fileName: '.bashrc' };
  expect(await callMain(page, 'links.download', hidden)).toMatchObject(refused);
  const object = { path: '.config/autostart/evil.desktop', sizeBytes: 10, crc64: null, versionId: null };
  const text = JSON.stringify({
    ...{ waybill: 'share', version: 1, bucket: 'bucket' },
    ...{ madeAt: new Date().toISOString(), validUntil: new Date(Date.now() + 9e7).toISOString() },
    objects: [{ ...object, url: linkTo(stranger, 'evil.desktop') }],
  });
  const card = await ask(page, 'links.inspect', { text });
  if (card.kind !== 'manifest') throw new Error('not a manifest');
  const all = { fileId: card.fileId, folder: home.folder, chosen: null };
  expect(await callMain(page, 'links.downloadFile', all)).toMatchObject(refused);
  expect(stranger.requests).toEqual([]);

  // The person chose the folder itself.
  const autostart = join(home.folder, '.config', 'autostart');
  await giveFolder(started, autostart);
  await ask(page, 'links.download', { linkId, folder: autostart, fileName: 'mine.desktop' });
  await expect.poll(() => readFile(join(autostart, 'mine.desktop'), 'utf8').catch(() => '')).toContain('Exec=evil');
  stranger.close();
});

test.describe('a device', () => {
  test.skip(process.platform !== 'linux', 'reads /proc');

  test('that was chosen as a file of links is refused and not read', async ({ started }) => {
    const { app, page } = started;
    const pid = app.process().pid ?? 0;
    const residentMB = async () => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    };
    const before = await residentMB();
    expect(await callMain(page, 'links.openFile', { path: '/dev/zero' })).toMatchObject(notGranted);
    await page.getByRole('button', { name: t('receive.title') }).click();
    await answerDialogs(app, ['/dev/zero']);
    await page.getByRole('button', { name: t('receive.open-file') }).click();
    await expect(page.getByRole('alert')).toContainText(t('failure.file.not-a-file.title'));
    expect((await residentMB()) - before).toBeLessThan(200);
  });
});

test('it leads no stored secret to another server', async ({ started, server }) => {
  const { app, page } = started;
  const stranger = await startStranger();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  const [account] = await ask(page, 'accounts.list', {});
  if (account?.kind !== 'key') throw new Error('no account with a key');
  const { id, origin: _, temporary: __, ...shared } = account;
  const draft = { ...shared, accessKeySecret: '', securityToken: null, remember: true };
  const questions = await answerQuestions(app, false);
  for (const change of [{ endpoint: stranger.url }, { stsEndpoint: stranger.url }]) {
    expect(await callMain(page, 'accounts.update', { id, draft: { ...draft, ...change } })).toMatchObject(cancelled);
  }
  expect(await questions()).toEqual(Array(2).fill(t('consent.server', { newServer: stranger.url })));
  expect(stranger.requests).toEqual([]);
  expect(await ask(page, 'accounts.list', {})).toEqual([account]);
  // What leads it nowhere else is no question.
  await ask(page, 'accounts.update', { id, draft: { ...draft, name: 'Renamed' } });
  expect(await questions()).toHaveLength(2);
  // The person agrees; the stranger's answers are no list of buckets, so the account stays as it was.
  await answerQuestions(app, true);
  await callMain(page, 'accounts.update', { id, draft: { ...draft, endpoint: stranger.url } });
  expect(stranger.requests).not.toEqual([]);
  stranger.close();
});

test('it sets no proxy and no script that requests would go through', async ({ started }) => {
  const { app, page } = started;
  const stranger = await startStranger();
  const questions = await answerQuestions(app, false);
  const unset = { url: null, user: null, bypass: '', pacUrl: null };
  const pacUrl = `${stranger.url}/?stolen=data`;
  for (const proxy of [
    { ...unset, mode: 'manual', url: stranger.url },
    { ...unset, mode: 'pac', pacUrl },
  ]) {
    expect(await callMain(page, 'settings.set', { proxy })).toMatchObject(cancelled);
  }
  expect(await questions()).toEqual([
    t('consent.proxy', { newProxy: stranger.url }),
    t('consent.proxy', { newProxy: pacUrl }),
  ]);
  for (const script of ['file://attacker.example/share/x.pac', 'data:,x', 'smb://attacker.example/x.pac']) {
    const proxy = { ...unset, mode: 'pac', pacUrl: script };
    expect(await callMain(page, 'settings.set', { proxy })).toMatchObject({ ok: false, failure: { kind: 'input' } });
  }
  await callMain(page, 'network.test', { accountId: null });
  expect((await ask(page, 'app.info', {})).settings.proxy.mode).toBe('system');
  expect(stranger.requests).toEqual([]);
  stranger.close();
});

test('the password of one proxy isn’t sent to another, even one that the person agreed to', async ({ home }) => {
  const seen: string[] = [];
  const listener = createTcpServer((connection) => {
    connection.on('error', () => undefined);
    connection.on('data', (data) => {
      seen.push(data.toString('latin1'));
      connection.end('HTTP/1.1 407 x\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const other = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const corp = {
    mode: 'manual',
    url: 'http://proxy.corp.example:3128',
    user: 'alice',
    bypass: '<-loopback>',
    pacUrl: null,
  };
  const first = await home.launch();
  await first.page.getByRole('button').first().waitFor();
  await answerQuestions(first.app, true);
  expect(await callMain(first.page, 'settings.set', { proxy: corp })).toMatchObject({ ok: true });
  await ask(first.page, 'network.setPassword', { password: 'CANARY-CORP-PASSWORD' });
  await first.app.close();

  const { app, page } = await home.launch();
  await page.getByRole('button').first().waitFor();
  await answerQuestions(app, true);
  expect(await callMain(page, 'settings.set', { proxy: { ...corp, url: other } })).toMatchObject({ ok: true });
  await callMain(page, 'network.test', { accountId: null });
  expect(seen).not.toEqual([]);
  expect(seen.filter((text) => /proxy-authorization/i.test(text))).toEqual([]);
  listener.close();
});

/** Opens the practice account. */
async function practicePlace(page: Page): Promise<{ accountId: string; bucket: string }> {
  await openPractice(page);
  const [account] = await ask(page, 'accounts.list', {});
  return { accountId: account?.id ?? '', bucket: 'waybill-samples' };
}

test('it opens no file by inheritance or through a link for uploads', async ({ started }) => {
  const { app, page } = started;
  const place = await practicePlace(page);
  const questions = await answerQuestions(app, false);
  const changeId = '12345678-1234-4123-8123-123456789012';
  const inherit = {
    changeId,
    keys: ['Welcome to Waybill.txt'],
    prefixes: [],
    versionId: null,
    change: { acl: 'default' },
  };
  expect(await callMain(page, 'properties.change', { ...place, ...inherit })).toMatchObject(cancelled);
  const link = {
    ...place,
    key: 'open.txt',
    versionId: null,
    method: 'PUT',
    expiresSeconds: 600,
    fileName: null,
    open: null,
  };
  const upload = { upload: { acl: 'public-read' } };
  expect(await callMain(page, 'links.make', { ...link, ...upload })).toMatchObject(cancelled);
  const batch = { ...place, keys: ['open.txt'], prefixes: [], format: 'text', folder: null, method: 'PUT' };
  const many = { ...batch, expiresSeconds: 600, fileName: null, open: null, ...upload };
  expect(await callMain(page, 'links.makeMany', many)).toMatchObject(cancelled);
  const { bucket } = place;
  const opened = t('consent.public-read', { bucket });
  expect(await questions()).toEqual([t('consent.default', { bucket }), opened, opened]);
  expect(await callMain(page, 'links.make', link)).toMatchObject({ ok: true });
});

test('it lets no pages into a bucket, takes none away, and changes no policy', async ({ started, home }) => {
  const { app, page } = started;
  const place = await practicePlace(page);
  const { bucket, accountId } = place;
  const saved = join(home.folder, 'page.html');
  home.mayHoldSecrets(saved);
  await answerSaveDialogs(app, saved);
  const limits = { prefix: 'drop/', slots: null, sizeBytes: { min: 0, max: 1 }, contentTypes: [], expiresSeconds: 600 };
  const words = {
    note: '',
    recipient: '',
    format: 'page',
    ownSession: false,
    forbidOverwrite: true,
    large: { count: 0, sizeBytes: 0 },
  };
  const made = await callMain(page, 'forms.make', { accountId, bucket, ...limits, ...words });
  // Whoever has the form could give each file an ACL of their own.
  const open = { accountId, bucket, ...limits, ...words, acl: null };
  expect(await callMain(page, 'forms.make', open)).toMatchObject({ ok: false });
  // The page learns where it was saved, and nothing that is in it.
  expect(made).toMatchObject({ ok: true, value: { path: saved } });
  expect(JSON.stringify(made)).not.toMatch(/policy|signature|credential/i);
  const everything = { text: '', states: null, accountId: null, bucket: null, key: null, offset: 0, limit: 1 };
  const [entry] = (await ask(page, 'ledger.list', everything)).items;
  const questions = await answerQuestions(app, false);
  expect(await callMain(page, 'cors.add', { accountId, bucket })).toMatchObject(cancelled);
  expect(await callMain(page, 'cors.remove', { accountId, bucket })).toMatchObject(cancelled);
  expect(await callMain(page, 'ledger.end', { id: entry?.id })).toMatchObject(cancelled);
  expect(await callMain(page, 'ledger.undoEnd', { id: entry?.id })).toMatchObject(cancelled);
  expect(await questions()).toEqual(
    (['consent.cors-add', 'consent.cors-remove', 'consent.end-page', 'consent.restore-page'] as const).map((key) =>
      t(key, { bucket }),
    ),
  );
  expect(await ask(page, 'cors.check', { accountId, bucket })).toMatchObject({ check: { kind: 'no-rule' } });
});

test('a download folder that is reset gives way to the system’s, and can be set again', async ({ home, started }) => {
  const { page } = started;
  const chosen = join(home.folder, 'received');
  await mkdir(chosen);
  await giveFolder(started, chosen);
  await ask(page, 'settings.set', { downloadFolder: chosen });
  expect((await ask(page, 'app.info', {})).downloadFolder).not.toBe(chosen);
  await started.app.close();
  const again = await home.launch();
  await again.page.getByRole('button').first().waitFor();
  await ask(again.page, 'settings.set', { downloadFolder: null });
  await ask(again.page, 'settings.set', { downloadFolder: chosen });
});

test('it publishes nothing, and deletes no more than 1,000 files', async ({ started }) => {
  const { app, page } = started;
  const place = await practicePlace(page);
  const questions = await answerQuestions(app, false);
  const changeId = '12345678-1234-4123-8123-123456789012';
  const [keys, change] = [['Welcome to Waybill.txt'], { acl: 'public-read' }];
  const publish = { ...place, changeId, keys, prefixes: [], versionId: null, change };
  expect(await callMain(page, 'properties.change', publish)).toMatchObject(cancelled);
  const created = {
    ...place,
    bucket: 'waybill-open',
    region: 'cn-hangzhou',
    storageClass: 'Standard',
    versioning: false,
  };
  const open = { ...created, acl: 'public-read-write' };
  expect(await callMain(page, 'buckets.create', open)).toMatchObject(cancelled);
  const names = Array.from({ length: 1001 }, (_, at) => `none-${at}`);
  const all = { ...place, keys: names, prefixes: [], total: 1 };
  expect(await callMain(page, 'deletions.start', all)).toMatchObject(cancelled);
  const versions = names.map((key) => ({ key, versionId: 'v' }));
  expect(await callMain(page, 'objects.deleteVersions', { ...place, versions })).toMatchObject(cancelled);
  const deleted = t('consent.delete', { bucket: 'waybill-samples', count: 1001 });
  expect(await questions()).toEqual([
    t('consent.public-read', { bucket: 'waybill-samples' }),
    t('consent.public-read-write', { bucket: 'waybill-open' }),
    ...[deleted, deleted],
  ]);
});

test('it opens no bucket to everyone, by its ACL or by turning off what blocks that', async ({ started }) => {
  const { app, page } = started;
  const { accountId, bucket } = await practicePlace(page);
  const questions = await answerQuestions(app, false);
  expect(await callMain(page, 'buckets.setAcl', { accountId, bucket, acl: 'public-read' })).toMatchObject(cancelled);
  expect(await callMain(page, 'buckets.blockPublic', { accountId, bucket, isOn: false })).toMatchObject(cancelled);
  expect(await questions()).toEqual([t('consent.public-read', { bucket }), t('consent.unblock', { bucket })]);
});

test('it lets nobody into a bucket, and takes no rule out of its policy', async ({ started }) => {
  const { app, page } = started;
  const { accountId, bucket } = await practicePlace(page);
  const place = { accountId, bucket, prefix: '' };
  const questions = await answerQuestions(app, false);
  const wanted = { who: '1798', allow: ['read', 'write'], until: Date.now() + 3_600_000, addresses: [], vpc: null };
  expect(await callMain(page, 'access.give', { ...place, wanted })).toMatchObject(cancelled);
  const everyone = { ...wanted, who: 'everyone', allow: ['read'] };
  expect(await callMain(page, 'access.give', { ...place, wanted: everyone })).toMatchObject(cancelled);
  // Not even with a click that a person was led to.
  const filled = { ...place, wanted: { ...wanted, who: 'everyone' } };
  expect(await callMain(page, 'access.give', filled)).toMatchObject({
    ok: false,
    failure: { rule: 'access-everyone' },
  });
  // A rule that isn't there is asked about by nobody: it could be there once the person has said yes.
  const unknown = { ...place, taken: [{ id: 'any', principal: null }] };
  expect(await callMain(page, 'access.take', unknown)).toMatchObject({ ok: false, failure: { kind: 'input' } });
  expect(await questions()).toEqual([t('consent.access-give', { bucket }), t('consent.access-public', { bucket })]);
  await answerQuestions(app, true);
  const { policy } = await ask(page, 'access.give', { ...place, wanted: { ...wanted, allow: ['read'] } });
  const asked = await answerQuestions(app, false);
  const rules = policy.kind === 'read' ? policy.rules : [];
  const taken = { ...place, taken: rules.map(({ id }) => ({ id, principal: null })) };
  expect(rules).toHaveLength(1);
  expect(await callMain(page, 'access.take', taken)).toMatchObject(cancelled);
  expect(await asked()).toEqual([t('consent.access-take', { bucket })]);
});

test('it moves away no more than 1,000 files, and gets no links that delete more', async ({ started }) => {
  const { app, page } = started;
  const place = await practicePlace(page);
  const questions = await answerQuestions(app, false);
  const names = Array.from({ length: 1001 }, (_, at) => `none-${at}`);
  const to = { accountId: place.accountId, bucket: 'waybill-inbox', prefix: '' };
  const move = { from: { ...place, keys: names, prefixes: [], versionId: null }, to, move: true, name: null };
  expect(await callMain(page, 'objects.copy', move)).toMatchObject(cancelled);
  const options = { expiresSeconds: 600, fileName: null, open: null, method: 'DELETE', record: {} };
  const many = { ...place, format: 'text', folder: null, ...options };
  expect(await callMain(page, 'links.makeMany', { ...many, keys: names, prefixes: [] })).toMatchObject(cancelled);
  expect(await callMain(page, 'links.makeMany', { ...many, keys: [], prefixes: ['reports/'] })).toMatchObject(
    cancelled,
  );
  const { bucket } = place;
  const links = t('consent.delete-link', { bucket, count: 1001 });
  expect(await questions()).toEqual([t('consent.move', { bucket }), links, links]);
  // Few files need no question, one by one or in a folder; what they take away counts.
  const link = { ...place, versionId: null, ...options };
  for (let count = 0; count < 3; count += 1) {
    expect(await callMain(page, 'links.make', { ...link, key: names[count] })).toMatchObject({ ok: true });
  }
  expect(
    await callMain(page, 'objects.copy', { ...move, from: { ...move.from, keys: names.slice(3, 1001) } }),
  ).toMatchObject(cancelled);
  expect(await questions()).toHaveLength(4);
});
