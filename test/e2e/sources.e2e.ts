// Accounts whose credentials come from elsewhere: profiles that were found, programs that main asks about, sources that end.
import { AxeBuilder } from '@axe-core/playwright';
import { access, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import OSS from 'ali-oss';
import type { Locator, Page } from 'playwright';
import type { AccountDraft } from '../../main/contract/contract.ts';
import type { PracticeServer } from '../../main/practice/server.ts';
import { like, t } from '../support/words.ts';
import {
  accountSwitcher,
  addAccount,
  chooseFromSwitcher,
  fillAccountForm,
  openAccountForm,
  ownerOf,
  test,
} from './support/accounts.ts';
import { expect, type Home } from './support/app.ts';
import { answerQuestions, copiedText } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { type CliProfile, ownerKey, writeProfiles } from './support/profiles.ts';
import {
  ask,
  callMain,
  dropIntoFolder,
  openBucket,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const minute = 60_000;
const cancelled = { ok: false, failure: { kind: 'cancelled' } };

type SourcedDraft = Extract<AccountDraft, { readonly kind: 'sourced' }>;

/** The draft of an account at the practice server, as a page sends it. */
function draftOf(
  server: PracticeServer,
  source: SourcedDraft['source'],
  changes: Partial<SourcedDraft> = {},
): AccountDraft {
  const { endpoint, region, stsEndpoint } = server;
  return {
    ...{ kind: 'sourced', source, name: 'Sourced', colour: 'green', endpoint, region, cname: false, signVersion: 'v4' },
    ...{
      startPath: null,
      role: null,
      stsEndpoint: `http://${stsEndpoint}`,
      defaultExpirySeconds: 3600,
      remember: true,
    },
    ...changes,
  };
}

/** Writes a profile of the aliyun CLI into the home. */
async function writeProfile(home: Home, fields: CliProfile): Promise<void> {
  const profiles = [{ name: 'prod', region_id: 'cn-hangzhou', ...fields }];
  home.mayHoldSecrets(await writeProfiles(home, 'prod', profiles));
}

/** A program that notes each run, and prints the key of the server. */
async function writeProgram(home: Home, server: PracticeServer) {
  const folder = join(home.folder, 'tools');
  home.mayHoldSecrets(folder);
  await mkdir(folder);
  const [path, runs] = [join(folder, 'credentials'), join(folder, 'runs')];
  const printed = JSON.stringify(ownerKey(server));
  await writeFile(path, `#!/bin/sh\necho "$@" >> '${runs}'\necho '${printed}'\n`);
  await chmod(path, 0o700);
  return { path, runs };
}

const wasRun = (runs: string): Promise<boolean> =>
  access(runs).then(
    () => true,
    () => false,
  );

const formOf = (page: Page): Locator => page.getByRole('dialog', { name: t('accounts.form.title.new') });

async function chooseSource(page: Page, form: Locator, kind: SourcedDraft['source']['kind']): Promise<void> {
  await form.getByLabel(t('accounts.source'), { exact: true }).click();
  await page.getByRole('option', { name: t(`accounts.source.${kind}`), exact: true }).click();
}

test('a profile that was found becomes an account, which shows who it signs as and keeps no secret', async ({
  home,
  serve,
}) => {
  const server = await serve();
  await writeProfile(home, ownerKey(server));
  const { app, page } = await home.launch();
  const questions = await answerQuestions(app, true);

  await test.step('it is offered at the start, and fills in the form', async () => {
    await page.getByRole('button', { name: t('welcome.profile', { name: 'prod' }) }).click();
    const form = formOf(page);
    await expect(form.getByLabel(t('accounts.source'), { exact: true })).toHaveText(t('accounts.source.profile'));
    await expect(form.getByLabel(t('accounts.source.profile'), { exact: true })).toHaveText('prod');
    await fillAccountForm(form, { endpoint: server.endpoint });
  });

  await test.step('a role on top of it has all that roles may require', async () => {
    const form = formOf(page);
    await form.getByText(t('accounts.form.advanced'), { exact: true }).click();
    await form.getByLabel(t('accounts.form.role')).fill(server.roleArn);
    await form.getByLabel(t('accounts.form.external-id')).fill('ext-1');
    await form.getByLabel(t('accounts.form.source-identity')).fill('li@example.com');
    await form.getByLabel(t('grant.policy')).fill('all');
    await form.getByLabel(t('accounts.form.sts')).fill(`http://${server.stsEndpoint}`);
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(form.getByText(t('accounts.form.problem.session-policy'))).toBeVisible();
    await form.getByLabel(t('grant.policy')).fill('');
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(form).toBeHidden();
  });
  expect(await questions()).toEqual(
    [server.endpoint, `http://${server.stsEndpoint}`].map((newServer) => t('consent.server', { newServer })),
  );

  await test.step('the menu says where its credentials come from, and who it signs as', async () => {
    await openBucket(page, 'waybill-samples');
    const from = t('accounts.source.named', { kind: t('accounts.source.profile'), name: 'prod' });
    await expect(accountSwitcher(page)).toContainText(from);
    await accountSwitcher(page).click();
    await page.getByRole('menuitem', { name: like('accounts.identity', { arn: /.*assumed-role.*/ }) }).click();
    await expect.poll(() => copiedText(app)).toContain('assumed-role/waybill-practice');
  });

  await test.step('so does its dialog', async () => {
    await chooseFromSwitcher(page, t('accounts.edit'));
    const form = page.getByRole('dialog', { name: t('accounts.form.title.edit', { name: 'prod' }) });
    await expect(form.getByText(like('accounts.identity', { arn: /.*assumed-role.*/ }))).toBeVisible();
    await form.getByRole('button', { name: t('common.cancel') }).click();
  });
  await app.close();

  expect(await readFile(join(home.profile, 'accounts.json'), 'utf8')).not.toContain(server.accessKeyId);
  const second = await home.launch();
  await openBucket(second.page, 'waybill-samples');
  await expect(rowOf(second.page, 'Welcome to Waybill.txt')).toBeVisible();
});

test('a program is run once main has asked, and not before; all by keyboard', async ({ home, serve }) => {
  const server = await serve();
  const { path, runs } = await writeProgram(home, server);
  const { app, page } = await home.launch();
  const refusals = await answerQuestions(app, false);
  await openAccountForm(page);
  const form = formOf(page);
  await form.getByLabel(t('common.name'), { exact: true }).fill('Tool');
  await page.keyboard.press('Tab');
  await form.getByLabel(t('accounts.source'), { exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type(t('accounts.source.process'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(path);
  await page.keyboard.press('Tab');
  await page.keyboard.insertText('--for\nan account');
  await fillAccountForm(form, { endpoint: server.endpoint });
  await form.getByLabel(t('accounts.form.endpoint'), { exact: true }).press('Enter');
  await expect(form.getByRole('alert')).toContainText(t('failure.cancelled.title'));
  expect(await refusals()).toEqual([t('consent.server', { newServer: server.endpoint })]);
  expect(await wasRun(runs)).toBe(false);

  const questions = await answerQuestions(app, true);
  await form.getByRole('button', { name: t('common.save') }).press('Enter');
  await expect(form).toBeHidden();
  expect((await questions())[1]).toBe(t('consent.source.program', { program: path }));
  expect(await readFile(runs, 'utf8')).toContain('--for an account\n');
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
});

/** A session of 15 minutes of the server's role as a profile, from a client that is not ours. */
async function sessionOf({ accessKeyId, accessKeySecret, endpoint, roleArn }: PracticeServer) {
  const sts = new OSS.STS({ accessKeyId, accessKeySecret, endpoint } as ConstructorParameters<typeof OSS.STS>[0]);
  const { credentials } = await sts.assumeRole(roleArn, '', 900, 'profile');
  return {
    ...{ mode: 'StsToken', access_key_id: credentials.AccessKeyId, access_key_secret: credentials.AccessKeySecret },
    sts_token: credentials.SecurityToken,
  };
}

test('an upload waits when its source’s credentials end, and goes on once it has others', async ({ home, serve }) => {
  const server = await serve();
  server.faults.clockOffsetMs = -12 * minute;
  await writeProfile(home, await sessionOf(server));
  const { app, page } = await home.launch();
  await answerQuestions(app, true);
  const draft = draftOf(server, { kind: 'profile', profile: { file: 'aliyun', name: 'prod' } });
  await ask(page, 'accounts.add', { draft });
  await openBucket(page, 'waybill-inbox');
  await expect(page.getByText(t('browse.empty'))).toBeVisible();

  server.faults.clockOffsetMs = 4 * minute;
  const file = join(home.folder, 'load.bin');
  await makeFile(file, 300_000);
  await dropIntoFolder(page, [file]);
  const banner = page
    .getByRole('status')
    .filter({ hasText: t('accounts.source.banner', { name: 'Sourced', count: 1 }) });
  await expect(banner).toBeVisible();
  await banner.getByRole('button', { name: t('common.retry') }).click();
  const expired = t('failure.cause.source-expired.title', { source: 'profile', name: 'prod' });
  await expect(page.getByText(expired).first()).toBeVisible();
  await expect(banner).toBeVisible();

  await writeProfile(home, await sessionOf(server));
  await banner.getByRole('button', { name: t('common.retry') }).click();
  await expect(banner).toBeHidden();
  await showTransfers(page);
  await expect(transferOf(page, 'load.bin')).toContainText(verified);
});

test('a page that was taken over runs no program, asks no address and sends no file as a source', async ({
  home,
  serve,
}) => {
  const server = await serve();
  const { path, runs } = await writeProgram(home, server);
  const requests: string[] = [];
  const stranger = createServer((request, answer) => {
    requests.push(request.url ?? '');
    answer.end('{}');
  });
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  const evil = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  await writeProfile(home, { mode: 'External', process_command: path });
  const { app, page } = await home.launch();
  await addAccount(page, { name: 'Owner', ...ownerOf(server) });
  const [owner] = await ask(page, 'accounts.list', {});
  const id = owner?.id ?? '';

  const questions = await answerQuestions(app, false);
  const atOss = { endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', region: 'cn-hangzhou', stsEndpoint: null };
  const profile = { kind: 'profile', profile: { file: 'aliyun', name: 'prod' } } as const;
  const role = {
    ...{ providerArn: 'acs:ram::1:oidc-provider/p', tokenFile: '/etc/passwd', roleArn: 'acs:ram::1:role/r' },
    ...{ sessionName: 'me', durationSeconds: 900, policy: null, stsEndpoint: evil },
  };
  const tries: [SourcedDraft['source'], Partial<SourcedDraft>, string][] = [
    [{ kind: 'process', command: [path] }, atOss, t('consent.source.program', { program: path })],
    [profile, atOss, t('consent.source.program', { program: path })],
    [{ kind: 'uri', uri: `${evil}/keys` }, atOss, t('consent.source.address', { address: `${evil}/keys` })],
  ];
  for (const [source, changes] of tries) {
    expect(await callMain(page, 'accounts.add', { draft: draftOf(server, source, changes) })).toMatchObject(cancelled);
  }
  const sent = { draft: draftOf(server, { kind: 'oidc', role }, atOss) };
  expect(await callMain(page, 'accounts.update', { id, ...sent })).toMatchObject(cancelled);
  const led = { draft: draftOf(server, profile, { ...atOss, endpoint: evil }) };
  expect(await callMain(page, 'accounts.update', { id, ...led })).toMatchObject(cancelled);
  expect(await questions()).toEqual([
    ...tries.map(([, , question]) => question),
    t('consent.source.token', { file: '/etc/passwd', server: evil }),
    t('consent.server', { newServer: evil }),
  ]);
  expect([requests, await wasRun(runs)]).toEqual([[], false]);
  stranger.close();
});

for (const theme of ['light', 'dark'] as const) {
  test(`no kind of source keeps anybody out, in the ${theme} theme`, async ({ home, serve }) => {
    await writeProfile(home, ownerKey(await serve()));
    const { app, page } = await home.launch();
    await app.evaluate(({ nativeTheme }, chosen) => {
      nativeTheme.themeSource = chosen;
    }, theme);
    await openAccountForm(page);
    for (const kind of ['profile', 'env', 'ecs', 'oidc', 'uri', 'process', 'cloudsso'] as const) {
      await chooseSource(page, formOf(page), kind);
      await expect(formOf(page).getByText(t('accounts.source.remember'), { exact: true })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        kind,
      ).toEqual([]);
    }
  });
}
