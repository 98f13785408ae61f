// Files and text that are dropped on the window: what Waybill can open is opened, or asked about, judged by its content.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { counted, like, t } from '../support/words.ts';
import { answerSaveDialogs, copiedText, dropFiles, dropText } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import {
  addAccount,
  ask,
  dropIntoFolder,
  giveFolder,
  openBucket,
  openPractice,
  rowOf,
  transferOf,
  showTransfers,
} from './support/waybill.ts';

interface Started {
  readonly app: ElectronApplication;
  readonly page: Page;
}

const lifetime = { expiresSeconds: 3600, fileName: null, open: null } as const;

async function accountId(page: Page): Promise<string> {
  const [account] = await ask(page, 'accounts.list', {});
  return account?.id ?? '';
}

/** An upload request for one file, saved under a name that does not tell. */
async function saveRequest({ app, page }: Started, path: string): Promise<void> {
  await answerSaveDialogs(app, path);
  await ask(page, 'links.requestUploads', {
    ...{ accountId: await accountId(page), bucket: 'waybill-inbox', prefix: '', note: '', recipient: '' },
    ...{ format: 'request', to: 'file', slots: { names: ['report.csv'] }, ...lifetime },
  });
}

function questionAbout(page: Page, name: string) {
  return page.getByRole('dialog', { name: t('drop.ask', { name }) });
}

test('an upload request dropped on an open folder is opened or uploaded, as the person says', async ({
  started,
  home,
}) => {
  const { page } = started;
  const request = join(home.downloads, 'notes.txt');
  await openPractice(page);
  await saveRequest(started, request);
  await openBucket(page, 'waybill-inbox');
  const question = questionAbout(page, 'notes.txt');

  await test.step('Cancel does neither', async () => {
    await dropIntoFolder(page, [request]);
    await expect(question).toContainText(t('drop.ask.upload-request'));
    await expect(question).toContainText(t('drop.ask.upload', { folder: 'oss://waybill-inbox/' }));
    await question.getByRole('button', { name: t('common.cancel') }).click();
    expect(await ask(page, 'transfers.list', {})).toEqual([]);
  });

  await test.step('Open shows its slots', async () => {
    await dropIntoFolder(page, [request]);
    await question.getByRole('button', { name: t('browse.open'), exact: true }).click();
    await expect(page.getByRole('dialog', { name: t('receive.slots.title', counted(1)) })).toContainText('report.csv');
    await page.keyboard.press('Escape');
    expect(await ask(page, 'transfers.list', {})).toEqual([]);
  });

  await test.step('Upload uploads it, with what was dropped beside it', async () => {
    const other = join(home.folder, 'other.bin');
    await makeFile(other, 2_000);
    await dropIntoFolder(page, [other, request]);
    await expect(question).toContainText(t('drop.ask.others', counted(1)));
    await question.getByRole('button', { name: t('drop.upload-all') }).click();
    await expect(rowOf(page, 'notes.txt')).toBeVisible();
    await expect(rowOf(page, 'other.bin')).toBeVisible();
  });
});

test('a share manifest is asked about on a bucket of the rail too, and a plain JSON is uploaded', async ({
  started,
  home,
}) => {
  const { page } = started;
  const plain = join(home.folder, 'manifest.json');
  await writeFile(plain, '{"kind":"share","objects":[]}');
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await showTransfers(page);
  await dropIntoFolder(page, [plain]);
  await expect(rowOf(page, 'manifest.json')).toBeVisible();

  await giveFolder(started, home.downloads);
  const { path } = await ask(page, 'links.makeMany', {
    ...{ accountId: await accountId(page), bucket: 'waybill-inbox', keys: ['manifest.json'], prefixes: [] },
    ...{ format: 'manifest', folder: home.downloads, ...lifetime },
  });
  const manifest = path ?? '';
  const bucket = page
    .getByRole('navigation', { name: t('rail.label') })
    .getByRole('button', { name: 'waybill-samples' });
  await bucket.focus();
  await dropFiles(page, bucket, [manifest]);
  const question = page.getByRole('dialog', { name: like('drop.ask', { name: /.+/ }) });
  await expect(question).toContainText(t('drop.ask.upload', { folder: 'oss://waybill-samples/' }));
  await question.getByRole('button', { name: t('browse.open'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: t('receive.manifest.title', counted(1)) });
  await expect(dialog.getByRole('listitem')).toContainText('manifest.json');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(bucket).toBeFocused();
});

test('a grant code dropped on an open folder becomes an account', async ({ started, home }) => {
  const { page, app } = started;
  await openPractice(page);
  const rights = ['list' as const, 'read' as const];
  const scope = { bucket: 'waybill-samples', keys: [], prefixes: [''], allow: rights, sourceIp: null };
  const { roleArn } = await ask(page, 'grants.preview', { accountId: await accountId(page), scope });
  const grant = await ask(page, 'grants.make', {
    ...{ accountId: await accountId(page), durationSeconds: 900, note: '', recipient: '' },
    ...{ scope, policy: null, roleArn, sessionName: null },
  });
  await ask(page, 'grants.copy', {
    grantId: grant.grantId,
    format: 'code',
    passphrase: 'wombats juggle nine lanterns',
  });
  const code = join(home.folder, 'access.txt');
  await expect.poll(() => copiedText(app)).toContain('waybill-grant:');
  await writeFile(code, await copiedText(app));

  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, [code]);
  const question = questionAbout(page, 'access.txt');
  await expect(question).toContainText(t('drop.ask.grant-code'));
  await question.getByRole('button', { name: t('browse.open'), exact: true }).click();
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByLabel(t('common.passphrase')).fill('wombats juggle nine lanterns');
  await form.getByRole('button', { name: t('accounts.paste.apply') }).click();
  await expect(form).toContainText(t('accounts.paste.source.grant'));
  await form.getByLabel(t('common.name'), { exact: true }).fill('From a friend');
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(page.getByRole('button', { name: t('accounts.switch', { name: 'From a friend' }) })).toBeVisible();
});

test('a plain file on the list of buckets needs a bucket, and goes into one that it is dropped on', async ({
  page,
  home,
}) => {
  const file = join(home.folder, 'plain.txt');
  await writeFile(file, 'Nothing to open.');
  await openPractice(page);
  await showTransfers(page);
  const list = page.getByRole('grid', { name: t('browse.buckets') });
  await dropFiles(page, list, [file]);
  const news = page.getByRole('status', { name: t('common.news') });
  await expect(news).toContainText(t('drop.not-uploaded', { ...counted(1), name: 'plain.txt' }));
  await expect(news).toContainText(t('drop.no-bucket', { count: 1 }));

  await dropFiles(page, list.getByRole('row').filter({ hasText: 'waybill-inbox' }), [file]);
  await expect(transferOf(page, 'plain.txt')).toBeVisible();
  await openBucket(page, 'waybill-inbox');
  await expect(rowOf(page, 'plain.txt')).toBeVisible();
});

test('credentials dropped on the welcome screen, as a file or as text, fill the account form', async ({
  page,
  home,
  server,
}) => {
  const file = join(home.folder, 'AccessKey.csv');
  home.mayHoldSecrets(file);
  await writeFile(file, `AccessKey ID,AccessKey Secret\n${server.accessKeyId},${server.accessKeySecret}\n`);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const id = form.getByLabel(t('accounts.form.access-key-id'));
  await dropFiles(page, page.getByRole('main'), [file]);
  await expect(id).toHaveValue(server.accessKeyId);
  await form.getByRole('button', { name: t('common.cancel') }).click();

  await dropText(page, page.getByRole('main'), await readFile(file, 'utf8'));
  await expect(id).toHaveValue(server.accessKeyId);
});

test('a link dropped as text opens its card, on the window and on the box for pasted links', async ({
  page,
  server,
}) => {
  await addAccount(page, { ...server, name: 'Owner' });
  const { url } = await ask(page, 'links.make', {
    ...{ accountId: await accountId(page), bucket: 'waybill-samples', key: 'Welcome to Waybill.txt', versionId: null },
    ...lifetime,
  });
  const card = page.getByRole('dialog', { name: 'Welcome to Waybill.txt' });
  await dropText(page, page.getByRole('main'), `Here it is: ${url}`);
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: t('rail.open-link') }).click();
  await dropText(page, page.getByRole('textbox', { name: t('receive.paste.title') }), url);
  await expect(card).toBeVisible();
});
