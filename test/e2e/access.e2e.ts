// Who has access to a bucket by its policy: read, given and taken away in the window, with other programs as judges.
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { getBucketPolicy, putBucketPolicy } from '../../main/oss/operations/bucket-policy.ts';
import { like, t } from '../support/words.ts';
import { connectTo } from './support/connection.ts';
import { answerQuestions } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { addAccount, chooseFromMenu, openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-samples';
const file = 'reports/2026/shipments.csv';

/** Opens the dialog for a bucket, from the list of buckets, by keyboard alone. */
async function openForBucket(page: Page): Promise<Locator> {
  await page
    .getByRole('button', { name: t('browse.buckets'), exact: true })
    .first()
    .click();
  const row = page
    .getByRole('grid', { name: t('browse.buckets') })
    .getByRole('row')
    .filter({ hasText: bucket });
  await row.click();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('access.open') }).press('Enter');
  return page.getByRole('dialog', { name: t('access.title') });
}

const dialogOf = (page: Page) => page.getByRole('dialog').filter({ hasText: `oss://${bucket}/` });

test('a folder is opened to everyone until a moment, and closed again', async ({ started, server }) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, bucket);
  const status = async () => (await fetch(`${server.endpoint}/${bucket}/${file}`)).status;
  const name = file.slice(0, file.indexOf('/') + 1);
  await chooseFromMenu(page, rowOf(page, name.slice(0, -1)), t('access.open'));
  const dialog = dialogOf(page);
  await expect(dialog).toContainText(t('access.none'));

  await test.step('only after a question of main', async () => {
    await dialog.getByRole('button', { name: t('access.give') }).click();
    await dialog.getByText(t('access.to.everyone'), { exact: true }).click();
    await expect(dialog).toContainText(t('access.to.everyone.hint'));
    await expect(dialog.getByRole('checkbox', { name: t('grant.allow.write') })).toBeHidden();
    const refused = await answerQuestions(app, false);
    await dialog.getByRole('button', { name: t('access.give.do') }).click();
    await expect.poll(refused).toEqual([t('consent.access-public', { bucket })]);
    expect(await status()).toBe(403);
    await answerQuestions(app, true);
    await dialog.getByRole('button', { name: t('access.give.do') }).click();
    await expect(dialog).toContainText(t('access.changed'));
    expect(await status()).toBe(200);
  });

  await test.step('it is listed in words, with what it means', async () => {
    await expect(dialog).toContainText(t('access.who.everyone'));
    await expect(dialog).toContainText(t('access.trap.public'));
    await expect(dialog).toContainText(t('access.place.files', { prefix: name }));
    await expect(dialog).toContainText(like('access.condition.until', { moment: /.+/ }));
  });

  await test.step('and taken away', async () => {
    const label = t('access.take.label', { who: t('access.who.everyone') });
    await dialog.getByRole('button', { name: label }).click();
    await expect(dialog).toContainText(t('access.none'));
    expect(await status()).toBe(403);
    expect(await getBucketPolicy(connectTo(server), bucket)).toBeNull();
  });
});

test('rules of others are shown in words, their traps named, and left as they are', async ({ started, server }) => {
  const { app, page } = started;
  const connection = connectTo(server);
  const theirs = `{ "Version":"1",
    "Statement":[ {"Effect":"Deny","Action":["oss:DeleteObject"],"Principal":["*"],
      "Resource":["acs:oss:*:*:${bucket}/*"],"Condition":{"Bool":{"acs:SecureTransport":["true"]}}} ,
    {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["1001", "20214760404935"],
      "Resource":["acs:oss:*:*:${bucket}/*"],"Condition":{"IpAddress":{"acs:SourceIp":["203.0.113.5"]}}} ,
    {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["1002"],"Resource":["acs:oss:*:*:elsewhere/*"]} ] }`;
  await putBucketPolicy(connection, bucket, theirs);
  await addAccount(page, { ...server, name: 'Owner' });
  const dialog = await openForBucket(page);
  for (const trap of ['hits-owner', 'address-alone', 'elsewhere'] as const) {
    await expect(dialog).toContainText(t(`access.trap.${trap}`));
  }
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  const who = t('access.who.account', { uid: '20214760404935' });
  const questions = await answerQuestions(app, true);
  await dialog.getByRole('button', { name: t('access.take.label', { who }) }).press('Enter');
  await expect(dialog).toContainText(t('access.changed'));
  expect(await questions()).toEqual([t('consent.access-take', { bucket })]);
  expect(await getBucketPolicy(connection, bucket)).toBe(theirs.replace('"1001", "20214760404935"', '"1001"'));
  await connection.dispatcher.destroy();
});

test('what can’t be given is said where it stands, and the statements can be handed to someone else', async ({
  started,
  server,
}) => {
  const { page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await page.setViewportSize({ width: 640, height: 480 });
  const dialog = await openForBucket(page);
  await dialog.getByRole('button', { name: t('access.give') }).click();
  const form = dialogOf(page);
  await form.getByRole('button', { name: t('access.give.do') }).click();
  await expect(form).toContainText(t('access.problem.who'));
  await form.getByLabel(t('access.to.uid'), { exact: true }).fill('anna');
  await form.getByRole('button', { name: t('access.give.do') }).click();
  await expect(form).toContainText(t('failure.input.access-who'));
  await expect(form.getByRole('alert')).toBeInViewport({ ratio: 0.9 });
  await form.getByLabel(t('access.to.uid'), { exact: true }).fill('20214760404935');
  await form.getByText(t('access.statement'), { exact: true }).click();
  await expect(form).toContainText('"acs:CurrentTime"');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await form.getByRole('button', { name: t('common.cancel') }).click();
  await expect(dialog).toContainText(t('access.none'));
});

test('who may not change the policy gets the statements for someone who may', async ({ started, server }) => {
  const { app, page } = started;
  const connection = connectTo(server);
  const resource = [`acs:oss:*:*:${bucket}`];
  // A Deny for everyone without a condition leaves out the owner: with one, it doesn't.
  const secure = { Bool: { 'acs:SecureTransport': ['false'] } };
  const denial = {
    Effect: 'Deny',
    Action: ['oss:PutBucketPolicy'],
    Principal: ['*'],
    Resource: resource,
    Condition: secure,
  };
  await putBucketPolicy(connection, bucket, JSON.stringify({ Version: '1', Statement: [denial] }));
  await connection.dispatcher.destroy();
  await addAccount(page, { ...server, name: 'Owner' });
  const dialog = await openForBucket(page);
  await dialog.getByRole('button', { name: t('access.give') }).click();
  const form = dialogOf(page);
  await expect(form.getByLabel(t('access.to.uid'), { exact: true })).toBeFocused();
  await page.keyboard.type('20214760404935');
  await answerQuestions(app, true);
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('oss:PutBucketPolicy');
  await expect(form).toContainText('"20214760404935"');
  await expect(form.getByRole('button', { name: t('access.statement.copy') })).toBeVisible();
});

test('Block Public Access is shown, and refuses a public rule before it is written', async ({ started, server }) => {
  const { app, page } = started;
  server.restrictions.publicAccess = true;
  await addAccount(page, { ...server, name: 'Owner' });
  const dialog = await openForBucket(page);
  await expect(dialog).toContainText(t('access.block.account'));
  await dialog.getByRole('button', { name: t('access.give') }).click();
  const form = dialogOf(page);
  await form.getByText(t('access.to.everyone'), { exact: true }).click();
  await answerQuestions(app, true);
  await form.getByRole('button', { name: t('access.give.do') }).click();
  await expect(form).toContainText(t('failure.input.access-blocked'));
});
