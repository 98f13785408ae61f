// A link taken back: used, revoked and refused, while what else was shared still works, and nothing says so before it is.
import { AxeBuilder } from '@axe-core/playwright';
import OSS from 'ali-oss';
import type { Locator, Page } from 'playwright';
import { counted, like, t } from '../support/words.ts';
import { addAccount, ownerOf, test as withServers } from './support/accounts.ts';
import { answerQuestions, copiedText } from './support/desktop.ts';
import { curl } from './support/curl.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addRoleAccount, changeOptions, makeLink, openShareOf } from './support/sharing.ts';
import { ask, chooseFromMenu, openBucket } from './support/waybill.ts';

const BUCKET = 'waybill-samples';
const FILE = 'Welcome to Waybill.txt';
const OTHER = '欢迎使用 Waybill.txt';

/** Shares a file of the folder that is shown. @returns the link */
async function share(page: Page, name: string, { revocable, to }: { revocable: boolean; to: string }): Promise<string> {
  const dialog = await openShareOf(page, name);
  if (revocable) await dialog.getByRole('checkbox', { name: t('share.revocable') }).check();
  await dialog.getByText(t('share.more')).click();
  await dialog.getByRole('textbox', { name: t('share.recipient'), exact: true }).fill(to);
  await expect(dialog.getByText(t('share.renew-session'))).toBeVisible({ visible: !revocable });
  const link = await makeLink(dialog);
  await expect(dialog.getByText(t('share.link.revoke'))).toHaveCount(revocable ? 1 : 0);
  await page.keyboard.press('Escape');
  return link;
}

/** Opens the ways of revoking what was shared with somebody. */
async function openPlan(page: Page, to: string): Promise<Locator> {
  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  await chooseFromMenu(page, entryOf(page, to), t('ledger.revoke'));
  return page.getByRole('dialog', { name: t('ledger.plan.title') });
}

function entryOf(page: Page, to: string): Locator {
  return page
    .getByRole('grid', { name: t('ledger.title') })
    .getByRole('row')
    .filter({ hasText: to });
}

const statusOf = async (link: string): Promise<number> => (await curl(link)).status;

/** What the ledger says of what was shared with somebody. */
async function stateOf(page: Page, to: string): Promise<string | undefined> {
  const all = { text: to, states: null, accountId: null, bucket: null, key: null, offset: 0, limit: 10 };
  return (await ask(page, 'ledger.list', all)).items[0]?.state;
}

test('a link is used, revoked and refused, and other links of the account and of the file still work', async ({
  started,
  server,
}) => {
  const { app, page } = started;
  await addRoleAccount(page, server, 3600);
  await openBucket(page, BUCKET);
  const link = await share(page, FILE, { revocable: true, to: 'Zhou' });
  const second = await share(page, FILE, { revocable: true, to: 'Mei' });
  const ordinary = await share(page, OTHER, { revocable: false, to: 'Jonas' });
  for (const each of [link, second, ordinary]) expect(await statusOf(each)).toBe(200);

  const plan = await openPlan(page, 'Zhou');
  await expect(plan).toContainText(t('ledger.plan.honest.session'));
  await test.step('not without a question of main', async () => {
    const questions = await answerQuestions(app, false);
    await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
    await expect.poll(questions).toEqual([t('consent.revoke-link', { bucket: BUCKET })]);
    await expect(plan.getByRole('button', { name: t('ledger.end.do.deny-session') })).toBeEnabled();
    expect(await statusOf(link)).toBe(200);
  });
  await test.step('and then OSS refuses it', async () => {
    await answerQuestions(app, true);
    await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
    await expect(plan).toContainText(t('ledger.end.ended.link'));
    const { status, text } = await curl(link);
    expect([status, /<EC>([^<]*)/.exec(text)?.[1]]).toEqual([403, '0003-00000101']);
    for (const each of [second, ordinary]) expect(await statusOf(each)).toBe(200);
  });
  await page.keyboard.press('Escape');
  await expect(entryOf(page, 'Zhou')).toContainText(t('ledger.state.revoked'));

  await test.step('until that is undone, after another question', async () => {
    await answerQuestions(app, false);
    await chooseFromMenu(page, entryOf(page, 'Zhou'), t('ledger.undo'));
    expect(await statusOf(link)).toBe(403);
    const questions = await answerQuestions(app, true);
    await chooseFromMenu(page, entryOf(page, 'Zhou'), t('ledger.undo'));
    await expect(page.getByText(t('ledger.undone'))).toBeVisible();
    expect(await questions()).toEqual([t('consent.restore-link', { bucket: BUCKET })]);
    expect(await statusOf(link)).toBe(200);
    await expect(entryOf(page, 'Zhou')).toContainText(t('ledger.state.live'));
  });
});

test('nothing says that a link is revoked before it is, while the policy takes three seconds', async ({
  started,
  server,
}) => {
  const { app, page } = started;
  await addRoleAccount(page, server, 3600);
  await openBucket(page, BUCKET);
  const link = await share(page, FILE, { revocable: true, to: 'Zhou' });
  const plan = await openPlan(page, 'Zhou');
  await answerQuestions(app, true);
  server.restrictions.policyDelayMs = 3000;
  await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
  await expect(plan).toContainText(t('ledger.end.waiting'));
  const statuses: number[] = [];
  for (;;) {
    const isSaid = (await plan.getByText(t('ledger.end.ended.link')).count()) > 0;
    const isRecorded = (await stateOf(page, 'Zhou')) === 'revoked';
    const status = await statusOf(link);
    statuses.push(status);
    if (isSaid || isRecorded) expect(status).toBe(403);
    if (isSaid) break;
  }
  expect(statuses[0]).toBe(200);
});

test('a revocation that Waybill was killed in is finished at a later start, once OSS refuses the link', async ({
  home,
  server,
}) => {
  const first = await home.launch();
  await addRoleAccount(first.page, server, 3600, { remember: true });
  await openBucket(first.page, BUCKET);
  const link = await share(first.page, FILE, { revocable: true, to: 'Zhou' });
  const plan = await openPlan(first.page, 'Zhou');
  await answerQuestions(first.app, true);
  server.restrictions.policyDelayMs = 600_000;
  await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
  await expect(plan).toContainText(t('ledger.end.waiting'));
  const isKilled = first.app.waitForEvent('close');
  first.app.process().kill('SIGKILL');
  await isKilled;

  const second = await home.launch();
  expect([await stateOf(second.page, 'Zhou'), await statusOf(link)]).toEqual(['denied', 200]);
  await second.app.close();
  server.faults.clockOffsetMs = 601_000;
  const { page } = await home.launch();
  await expect.poll(() => stateOf(page, 'Zhou')).toBe('revoked');
  expect(await statusOf(link)).toBe(403);
  // What it kept in the keychain goes with both.
  const all = { text: '', states: null, accountId: null, bucket: null, key: null, offset: 0, limit: 10 };
  const { items } = await ask(page, 'ledger.list', all);
  await ask(page, 'ledger.remove', { ids: items.map(({ id }) => id) });
  for (const { id } of await ask(page, 'accounts.list', {})) await ask(page, 'accounts.remove', { id });
});

withServers('without the rights nothing is changed, and the statement to add is there', async ({ started, serve }) => {
  const { app, page } = started;
  const policy = {
    Version: '1' as const,
    Statement: [
      { Effect: 'Allow' as const, Action: ['*'], Resource: ['*'] },
      { Effect: 'Deny' as const, Action: ['oss:PutBucketPolicy'], Resource: ['*'] },
    ],
  };
  const clerk = { accessKeyId: 'LTAI-clerk', accessKeySecret: 'the-secret-of-the-clerk', name: 'Clerk', policy };
  const roleArn = 'acs:ram::1000000000000001:role/clerks';
  const server = await serve({ users: [clerk], roles: [{ arn: roleArn, maxSessionSeconds: 3600, policy }] });
  await addRoleAccount(page, { ...server, ...clerk, roleArn }, 3600);
  await openBucket(page, BUCKET);
  const link = await share(page, FILE, { revocable: true, to: 'Zhou' });
  const plan = await openPlan(page, 'Zhou');
  await answerQuestions(app, true);
  await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
  await expect(plan).toContainText('oss:PutBucketPolicy');
  await expect(plan).toContainText(t('ledger.end.forbidden.next'));
  expect([await statusOf(link), await stateOf(page, 'Zhou')]).toEqual([200, 'live']);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  const statement = await plan.getByLabel(t('ledger.end.statement'), { exact: true }).innerText();
  const pasted = {
    Version: '1',
    Statement: [JSON.parse(statement) as Parameters<OSS['putBucketPolicy']>[1]['Statement'][0]],
  };
  await aliOss(server, BUCKET).putBucketPolicy(BUCKET, pasted);
  expect(await statusOf(link)).toBe(403);
});

test('an account without a role is told so, and denies its AccessKey the file, by keyboard', async ({
  started,
  server,
}) => {
  const { app, page } = started;
  await addAccount(page, { ...ownerOf(server), name: 'Owner' });
  await openBucket(page, BUCKET);
  const dialog = await openShareOf(page, FILE);
  const choice = dialog.getByRole('checkbox', { name: t('share.revocable') });
  await expect(choice).toBeDisabled();
  await expect(choice).toHaveAccessibleDescription(t('share.revocable.no-role'));
  const link = await makeLink(dialog);
  await changeOptions(dialog);
  await dialog.getByRole('button', { name: t('grant.set-role') }).click();
  await expect(page.getByRole('dialog').getByLabel(t('common.name'), { exact: true })).toHaveValue('Owner');
  await page.keyboard.press('Escape');
  const other = await makeLink(await openShareOf(page, OTHER));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  await answerQuestions(app, true);
  await page.getByRole('grid', { name: t('ledger.title') }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('ledger.plan') }).press('Enter');
  const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
  const deny = plan.getByRole('button', { name: t('ledger.end.do.deny-object') });
  await deny.press('Enter');
  await expect(plan).toContainText(t('ledger.end.ended.link'));
  expect([await statusOf(link), await statusOf(other)]).toEqual([403, 200]);
  await plan.getByRole('button', { name: t('ledger.undo') }).press('Enter');
  await expect(plan).toContainText(t('ledger.undone'));
  expect(await statusOf(link)).toBe(200);
  await expect(deny).toBeVisible();
});

test('links that were shared as one page are revoked together', async ({ started, server }) => {
  const { app, page } = started;
  await addRoleAccount(page, server, 3600);
  await openBucket(page, BUCKET);
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('share.many') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: t('share.revocable') }).check();
  await dialog.getByRole('textbox', { name: t('share.recipient') }).fill('Everyone at the pier');
  await dialog.getByRole('button', { name: t('share.many.copy') }).click();
  await expect(dialog).toContainText(like('share.many.copied', { count: /\d+/, shown: /\d+/ }));
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  const links = copied.split('\n').filter((line) => line.startsWith('http'));
  expect(links.length).toBeGreaterThan(1);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entries = entryOf(page, 'Everyone at the pier');
  await expect(entries).toHaveCount(1);
  await chooseFromMenu(page, entries.first(), t('ledger.revoke'));
  const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
  const others = t('ledger.plan.alsoEnds', counted(links.length - 1));
  await expect(plan.getByRole('listitem').filter({ hasText: t('ledger.remedy.deny-session') })).toContainText(others);
  await answerQuestions(app, true);
  await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
  await expect(plan).toContainText(t('ledger.end.ended.link'));
  expect(await Promise.all(links.map(statusOf))).toEqual(links.map(() => 403));
  await page.keyboard.press('Escape');
  await entries.dblclick();
  await expect(entries.filter({ hasText: t('ledger.state.revoked') })).toHaveCount(1 + links.length);
});

test('temporary access is revoked, while another one to the same folder still works', async ({ started, server }) => {
  const { app, page } = started;
  await addRoleAccount(page, server, 3600);
  const [account] = await ask(page, 'accounts.list', {});
  const issue = async (recipient: string) => {
    const { grantId, accessKeyId } = await ask(page, 'grants.make', {
      ...{
        accountId: account?.id ?? '',
        policy: null,
        durationSeconds: 900,
        roleArn: null,
        sessionName: null,
        note: '',
      },
      ...{ recipient, scope: { bucket: BUCKET, keys: [], prefixes: [''], allow: ['read'], sourceIp: null } },
    });
    await ask(page, 'grants.copy', { grantId, format: 'json', passphrase: null });
    await expect.poll(() => copiedText(app)).toContain(accessKeyId);
    return JSON.parse(await copiedText(app)) as Record<string, string>;
  };
  const isAccepted = ({ AccessKeyId, AccessKeySecret, SecurityToken }: Record<string, string>) => {
    const key = { accessKeyId: AccessKeyId ?? '', accessKeySecret: AccessKeySecret ?? '' };
    const client = new OSS({
      ...{ ...key, stsToken: SecurityToken ?? '', region: 'oss-cn-hangzhou', authorizationV4: true, bucket: BUCKET },
      ...{ endpoint: server.endpoint.replace('127.0.0.1', 'localhost'), sldEnable: true },
    });
    return client.head(FILE).then(
      () => true,
      () => false,
    );
  };
  const [revoked, other] = [await issue('Zhou'), await issue('Mei')];
  expect([await isAccepted(revoked), await isAccepted(other)]).toEqual([true, true]);
  const plan = await openPlan(page, 'Zhou');
  await expect(plan).toContainText(t('ledger.plan.honest.grant-session'));
  const questions = await answerQuestions(app, true);
  await plan.getByRole('button', { name: t('ledger.end.do.deny-session') }).click();
  await expect(plan).toContainText(t('ledger.end.ended.link'));
  expect(await questions()).toEqual([t('consent.revoke-grant', { bucket: BUCKET })]);
  expect([await isAccepted(revoked), await isAccepted(other)]).toEqual([false, true]);
});
