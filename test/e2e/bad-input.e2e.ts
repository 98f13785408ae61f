// What people get wrong, and what goes wrong around them: each time the screen says what happened and what to do next.
import type { Locator, Page } from 'playwright';
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
  const form = page.getByRole('dialog', { name: 'Add an account' });
  const save = form.getByRole('button', { name: 'Save' });

  await test.step('nothing filled in', async () => {
    await save.click();
    await expect(form.getByText('This is needed.')).toHaveCount(2);
  });

  await test.step('an AccessKey that does not exist', async () => {
    await fillAccountForm(form, { ...ownerOf(server), accessKeyId: 'LTAI-nobody' });
    await save.click();
    await says(form, 'OSS does not know this AccessKey ID', 'Check that it was copied whole and has not been disabled');
  });

  await test.step('a wrong secret, which is not repeated', async () => {
    await fillAccountForm(form, { accessKeyId: server.accessKeyId, accessKeySecret: 'not-the-secret' });
    await save.click();
    await says(form, 'The AccessKey secret does not match its ID', 'Copy the secret again, without blanks around it.');
    await expect(form.getByRole('alert')).not.toContainText('not-the-secret');
  });

  await test.step('a wrong region', async () => {
    await fillAccountForm(form, { accessKeySecret: server.accessKeySecret });
    await chooseRegion(page, 'cn-beijing');
    await save.click();
    await says(form, 'The region is not that of the server', 'Choose the region cn-hangzhou and try again.');
  });

  await test.step('a server that is not there', async () => {
    await fillAccountForm(form, { endpoint: 'http://127.0.0.1:9' });
    await save.click();
    await says(form, /^ ?127\.0\.0\.1:\d+ refused the connection/, 'Check the endpoint and its port.');
  });

  await test.step('a name that leads nowhere', async () => {
    await fillAccountForm(form, { endpoint: 'https://oss-cn-hangzou.invalid' });
    await save.click();
    await says(form, 'oss-cn-hangzou.invalid cannot be found', 'Check the endpoint for a typo, and your connection.');
  });

  await test.step('an endpoint that is none', async () => {
    await fillAccountForm(form, { endpoint: 'oss cn hangzhou' });
    await save.click();
    await says(form, 'The endpoint cannot be used', 'Write a host, such as oss-cn-hangzhou.aliyuncs.com');
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
  await says(page, 'There is no such bucket', 'Check its name and region, or refresh the list.');

  await page.keyboard.press('ControlOrMeta+L');
  const address = page.getByRole('combobox', { name: 'Address' });
  await address.fill('Not A Bucket!');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Write it as oss://bucket/folder/.' })).toBeVisible();

  await address.fill(`oss://waybill-samples/${'long/'.repeat(300)}`);
  await page.keyboard.press('Enter');
  await says(page, 'This name cannot be used in OSS', '1 to 1,023 bytes');
});

test('a key that is too long is refused before anything is sent', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');

  await test.step('as a new folder', async () => {
    await page.getByRole('button', { name: 'New folder…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New folder…' });
    await dialog.getByLabel('Name').fill('运'.repeat(400));
    await dialog.getByRole('button', { name: 'Create' }).click();
    await says(dialog, 'This name cannot be used in OSS', '1 to 1,023 bytes');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('as an upload into a folder whose name leaves no room', async () => {
    await goTo(page, `oss://waybill-inbox/${'d'.repeat(1000)}/`);
    await expect(page.getByText('This folder is empty')).toBeVisible();
    const file = `${home.folder}/a name that needs more than twenty bytes.bin`;
    await makeFile(file, 10);
    await answerDialogs(app, [file]);
    await page.getByRole('button', { name: 'Upload files…' }).click();
    await showTransfers(page);
    const transfer = transferOf(page, 'a name that needs more');
    await expect(transfer).toContainText('This name cannot be used in OSS');
    await expect(transfer).toContainText('1 to 1,023 bytes');
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
  await says(page, /^ ?127\.0\.0\.1:\d+ refused the connection/, 'Check the endpoint and its port.');

  await serve({ dataDir, port: Number(new URL(server.endpoint).port) });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('This folder is empty')).toBeVisible();
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
    await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), 'Copy share link');
    await expect(page.getByText('Link to “Welcome to Waybill.txt” copied')).toBeVisible();
    expect(await curl(await copiedText(app))).toMatchObject({ status: 200 });
  });
}

test('a link that only this computer’s clock calls ended is tried anyway, and works', async ({ started, serve }) => {
  const { app, page } = started;
  // The server is two hours behind, so a link of its time seems to have ended long ago.
  const server = await serve({ now: () => Date.now() - 2 * 3_600_000 });
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), 'Copy share link');
  await expect(page.getByText('Link to “Welcome to Waybill.txt” copied')).toBeVisible();
  await pasteText(started, await copiedText(app));
  const card = page.getByRole('dialog');
  await expect(card).toContainText('If this computer’s clock is wrong, you can try it anyway.');
  await card.getByRole('button', { name: 'Try anyway' }).click();
  await card.getByRole('button', { name: 'Download', exact: true }).click();
  await expect(card.getByText('Downloaded')).toBeVisible();
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
    await card.getByRole('button', { name: 'Close' }).last().click();
    await expect(card).toBeHidden();
  };

  await paste('See you at the harbour at eight');
  await says(card, 'This is not a link', 'Copy it from the message you were sent and paste it here.');
  await put();

  await paste(link.slice(0, -30));
  await says(card, 'This link is damaged', 'Its end is cut off. Copy the whole link again');
  await put();

  await paste(link.replace(/[?&]x-oss-signature=[^&]*/, (part) => (part.startsWith('?') ? '?' : '')));
  await says(card, 'This link is damaged', 'Its signature is missing. Copy the whole link again');
  await put();

  await paste(
    'https://depot.s3.eu-central-1.amazonaws.com/list.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00ff',
  );
  await says(card, 'This is not an OSS link', 'an S3 service');
  await says(card, 'This is not an OSS link', 'open this one in your browser.');
  await put();

  await paste('https://www.example.com/list.csv');
  await says(card, 'This is not an OSS link', 'ask the sender for the signed link.');
  await put();

  await paste('https://depot.oss-cn-hangzhou.aliyuncs.com/list.csv');
  await says(card, 'This link is not signed', 'ask the sender for a share link.');
  await put();

  await paste(short);
  await expect(card).toContainText(/Ended \w+ \d+/);
  await expect(card).toContainText(/The link has ended \(.+ ago\)\. Ask the sender for a new one\./);
  await expect(card.getByRole('button', { name: 'Download' })).toBeHidden();
});

async function chooseRegion(page: Page, region: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Region' }).click();
  await page.keyboard.type(region);
  await page.getByRole('option', { name: region }).click();
}

/** A message in `place` that says what happened and what to do. */
async function says(place: Page | Locator, title: string | RegExp, next: string): Promise<void> {
  const alert = place.getByRole('alert').filter({ hasText: title });
  await expect(alert).toContainText(next);
}
