// What people get wrong, and what goes wrong around them: each time the screen says what happened and what to do next.
import type { Locator, Page } from 'playwright';
import { like, t } from '../support/words.ts';
import { addAccount, fillAccountForm, openAccountForm, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { curl } from './support/curl.ts';
import { answerDialogs, copiedText, pasteText } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import {
  ask,
  chooseFromMenu,
  goTo,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
} from './support/waybill.ts';

test('an account that OSS refuses is told what to correct, and works once it is', async ({ page, serve }) => {
  const server = await serve();
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const save = form.getByRole('button', { name: t('common.save') });

  await test.step('nothing filled in', async () => {
    await save.click();
    await expect(form.getByText(t('accounts.form.problem.required'))).toHaveCount(2);
  });

  await test.step('an AccessKey that does not exist', async () => {
    await fillAccountForm(form, { ...ownerOf(server), accessKeyId: 'LTAI-nobody' });
    await save.click();
    await says(form, t('failure.cause.wrong-key.title'), t('failure.cause.wrong-key.next'));
  });

  await test.step('a wrong secret, which is not repeated', async () => {
    await fillAccountForm(form, { accessKeyId: server.accessKeyId, accessKeySecret: 'not-the-secret' });
    await save.click();
    await says(form, t('failure.cause.wrong-secret.title'), t('failure.cause.wrong-secret.next'));
    await expect(form.getByRole('alert')).not.toContainText('not-the-secret');
  });

  await test.step('a wrong region', async () => {
    await fillAccountForm(form, { accessKeySecret: server.accessKeySecret });
    await chooseRegion(page, 'cn-beijing');
    await save.click();
    await says(form, t('failure.cause.wrong-region-signature.title'), t('failure.cause.wrong-region-signature.next'));
  });

  await test.step('a server that is not there', async () => {
    await fillAccountForm(form, { endpoint: 'http://127.0.0.1:9' });
    await save.click();
    await says(
      form,
      like('failure.network.refused.title', { host: /127\.0\.0\.1:\d+/ }),
      t('failure.network.refused.next'),
    );
  });

  await test.step('a name that leads nowhere', async () => {
    await fillAccountForm(form, { endpoint: 'https://oss-cn-hangzou.invalid' });
    await save.click();
    await says(form, t('failure.network.dns.title', { host: 'oss-cn-hangzou.invalid' }), t('failure.network.dns.next'));
  });

  await test.step('an endpoint that is none', async () => {
    await fillAccountForm(form, { endpoint: 'oss cn hangzhou' });
    await save.click();
    await says(form, t('failure.input.endpoint'), t('failure.input.endpoint.next'));
  });

  await test.step('all of it put right', async () => {
    await fillAccountForm(form, { endpoint: server.endpoint });
    await chooseRegion(page, 'cn-hangzhou');
    await save.click();
    await expect(form).toBeHidden();
    await openBucket(page, 'waybill-samples');
  });
});

test('an address that leads nowhere says so, in the place where the files would be', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');

  await goTo(page, 'oss://no-such-bucket-here/');
  await says(page, t('failure.cause.no-such-bucket.title'), t('failure.cause.no-such-bucket.next'));

  await page.keyboard.press('ControlOrMeta+L');
  const address = page.getByRole('combobox', { name: t('browse.address') });
  await address.fill('Not A Bucket!');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: t('browse.address.wrong') })).toBeVisible();

  await address.fill(`oss://waybill-samples/${'long/'.repeat(300)}`);
  await page.keyboard.press('Enter');
  await says(page, t('failure.input.key'), t('failure.input.key.next'));
});

test('a key that is too long is refused before anything is sent', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');

  await test.step('as a new folder', async () => {
    await page.getByRole('button', { name: t('browse.new-folder') }).click();
    const dialog = page.getByRole('dialog', { name: t('browse.new-folder') });
    await dialog.getByLabel(t('common.name')).fill('运'.repeat(400));
    await dialog.getByRole('button', { name: t('common.create') }).click();
    await says(dialog, t('failure.input.key'), t('failure.input.key.next'));
    await dialog.getByRole('button', { name: t('common.cancel') }).click();
  });

  await test.step('as an upload into a folder whose name leaves no room', async () => {
    await goTo(page, `oss://waybill-inbox/${'d'.repeat(1000)}/`);
    await expect(page.getByText(t('browse.empty'))).toBeVisible();
    const file = `${home.folder}/a name that needs more than twenty bytes.bin`;
    await makeFile(file, 10);
    await answerDialogs(app, [file]);
    await page.getByRole('button', { name: t('browse.upload-files') }).click();
    await showTransfers(page);
    const transfer = transferOf(page, 'a name that needs more');
    await expect(transfer).toContainText(t('failure.input.key'));
    await expect(transfer).toContainText(t('failure.input.key.next'));
  });
});

test('a server that goes away is named, and trying again works once it is back', async ({ page, serve, home }) => {
  const dataDir = `${home.folder}/server`;
  const server = await serve({ dataDir });
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();

  await server.close();
  await openBucket(page, 'waybill-inbox');
  await says(
    page,
    like('failure.network.refused.title', { host: /127\.0\.0\.1:\d+/ }),
    t('failure.network.refused.next'),
  );

  await serve({ dataDir, port: Number(new URL(server.endpoint).port) });
  await page.getByRole('button', { name: t('common.retry') }).click();
  await expect(page.getByText(t('browse.empty'))).toBeVisible();
});

for (const [direction, hours] of [
  ['an hour slow', 1],
  ['an hour fast', -1],
] as const) {
  test(`on a computer whose clock is ${direction} everything works, and links are valid`, async ({
    started,
    serve,
  }) => {
    const { app, page } = started;
    const server = await serve({ now: () => Date.now() + hours * 3_600_000 });
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await openBucket(page, 'waybill-samples');
    await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.copy-link'));
    await expect(page.getByText(t('browse.link-copied', { name: 'Welcome to Waybill.txt' }))).toBeVisible();
    expect(await curl(await copiedText(app))).toMatchObject({ status: 200 });
  });
}

test('a link that only this computer’s clock calls ended is tried anyway, and works', async ({ started, serve }) => {
  const { app, page } = started;
  // The server is two hours behind, so a link of its time seems to have ended long ago.
  const server = await serve({ now: () => Date.now() - 2 * 3_600_000 });
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.copy-link'));
  await expect(page.getByText(t('browse.link-copied', { name: 'Welcome to Waybill.txt' }))).toBeVisible();
  await pasteText(started, await copiedText(app));
  const card = page.getByRole('dialog');
  await expect(card).toContainText(like('receive.expired.next', { length: /.+/ }));
  await card.getByRole('button', { name: t('receive.try-anyway') }).click();
  await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
  await expect(card.getByText(t('receive.done.download'))).toBeVisible();
});

test('what is pasted is called what it is: no link, damaged, foreign, unsigned, or ended', async ({ started }) => {
  const { page } = started;
  await openPractice(page);
  const [account] = await ask(page, 'accounts.list', {});
  const make = async (expiresSeconds: number): Promise<string> => {
    const object = { accountId: account?.id ?? '', bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' };
    const options = { versionId: null, fileName: null, open: 'download', expiresSeconds } as const;
    const { url } = await ask(page, 'links.make', { ...object, ...options });
    return url;
  };
  const link = await make(3600);
  const short = await make(1);
  const card = page.getByRole('dialog');
  const paste = async (text: string): Promise<void> => {
    await pasteText(started, text);
    await expect(card).toBeVisible();
  };
  const put = async (): Promise<void> => {
    await card
      .getByRole('button', { name: t('common.close') })
      .last()
      .click();
    await expect(card).toBeHidden();
  };

  await paste('See you at the harbour at eight');
  await says(card, t('receive.not-a-link.title'), t('receive.not-a-link.next'));
  await put();

  await paste(link.slice(0, -30));
  await says(card, t('receive.damaged.title'), t('receive.damaged.cut-off'));
  await says(card, t('receive.damaged.title'), t('receive.damaged.next'));
  await put();

  await paste(link.replace(/[?&]x-oss-signature=[^&]*/, (part) => (part.startsWith('?') ? '?' : '')));
  await says(card, t('receive.damaged.title'), t('receive.damaged.no-signature'));
  await says(card, t('receive.damaged.title'), t('receive.damaged.next'));
  await put();

  await paste(
    'https://depot.s3.eu-central-1.amazonaws.com/list.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00ff',
  );
  await says(
    card,
    t('receive.foreign.title'),
    t('receive.foreign.named', { host: 'depot.s3.eu-central-1.amazonaws.com', service: t('receive.service.s3') }),
  );
  await put();

  await paste('https://www.example.com/list.csv');
  await says(card, t('receive.foreign.title'), t('receive.foreign.other', { host: 'www.example.com' }));
  await put();

  await paste(
    'https://depot.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS2&x-oss-access-key-id=LTAI&x-oss-signature=ab',
  );
  await says(card, t('receive.unsupported.title'), t('receive.unsupported.next'));
  await put();

  await paste('https://depot.oss-cn-hangzhou.aliyuncs.com/list.csv');
  await expect(card).toContainText(t('receive.unsigned.try'));
  await put();

  await paste('https://depot.oss-cn-hangzhou.aliyuncs.com/');
  await says(
    card,
    t('receive.unsigned.title'),
    t('receive.unsigned.next', { host: 'depot.oss-cn-hangzhou.aliyuncs.com' }),
  );
  await put();

  await paste(short);
  await expect(card).toContainText(like('receive.expired', { moment: /\w+, \w+ \d+.*/ }));
  await expect(card).toContainText(like('receive.expired.next', { length: /.+/ }));
  await expect(card.getByRole('button', { name: t('receive.download') })).toBeHidden();
});

async function chooseRegion(page: Page, region: string): Promise<void> {
  await page.getByRole('combobox', { name: t('common.region') }).click();
  await page.keyboard.type(region);
  await page.getByRole('option', { name: new RegExp(`${region}$`) }).click();
}

/** A message in `place` that says what happened and what to do. */
async function says(place: Page | Locator, title: string | RegExp, next: string): Promise<void> {
  const alert = place.getByRole('alert').filter({ hasText: title });
  await expect(alert).toContainText(next);
}
