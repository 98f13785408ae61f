// Links that OSS doesn't sign: of a CDN that authenticates URLs, and the addresses of files that everyone may read.
import { AxeBuilder } from '@axe-core/playwright';
import { canary } from '../support/canaries.ts';
import { type Edge, startEdge } from '../support/cdn-edge.ts';
import { t } from '../support/words.ts';
import { expect, test as base } from './support/app.ts';
import { curl } from './support/curl.ts';
import { answerQuestions, copiedLink, copiedText, pasteText } from './support/desktop.ts';
import { makeLink, openShareOf } from './support/sharing.ts';
import { ask, chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

const FILE = 'Welcome to Waybill.txt';
const KEY = 'Window0123456789abcdef';

const test = base.extend<{ edge: Edge }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
  edge: async ({}, use) => {
    canary('the key of the CDN', KEY);
    const edge = await startEdge(
      { type: 'A', keys: [KEY], ttl: 1800 },
      { '/Welcome%20to%20Waybill.txt': 'from the edge' },
    );
    await use(edge);
    await edge.close();
  },
});

test('a CDN domain is set up after a question, tested, and makes links that the CDN accepts', async ({
  started,
  edge,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await (await openShareOf(page, FILE)).getByText(t('share.kind.cdn'), { exact: true }).click();
  const dialog = page.getByRole('dialog', { name: t('share.title', { name: FILE }) });
  await expect(dialog).toContainText(t('cdn.none'));
  await dialog.getByRole('textbox', { name: t('cdn.domain'), exact: true }).fill(edge.origin);
  await dialog.getByLabel(t('cdn.key'), { exact: true }).fill(KEY);

  await test.step('not without the question', async () => {
    const questions = await answerQuestions(app, false);
    await dialog.getByRole('button', { name: t('cdn.save') }).click();
    await expect.poll(questions).toEqual([t('consent.cdn', { bucket: 'waybill-samples', newServer: edge.origin })]);
    await expect(dialog).toContainText(t('cdn.none'));
    await answerQuestions(app, true);
    await dialog.getByRole('button', { name: t('cdn.save') }).click();
    await expect(dialog.getByRole('button', { name: t('share.make') })).toBeEnabled();
  });
  await test.step('it is tried with a link and without, and says so in sight', async () => {
    await page.setViewportSize({ width: 640, height: 480 });
    await dialog.getByRole('button', { name: t('cdn.test') }).click();
    await expect(dialog.getByText(t('cdn.check.works'))).toBeInViewport({ ratio: 0.9 });
    edge.rules = null;
    await dialog.getByRole('button', { name: t('cdn.test') }).click();
    await expect(dialog).toContainText(t('cdn.check.open'));
    edge.rules = { type: 'A', keys: [KEY], ttl: 1800 };
  });
  expect((await new AxeBuilder({ page }).setLegacyMode().include('[role=dialog]').analyze()).violations).toEqual([]);
  const link = await makeLink(dialog);
  expect(await curl(link)).toMatchObject({ status: 200, text: 'from the edge' });
  expect((await curl(link.replace('Welcome', 'welcome'))).status).toBe(403);
  expect(await copiedLink(app, FILE)).toBe(link);
  await page.keyboard.press('Escape');

  await test.step('Links knows it, and that another key ends it', async () => {
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    const entry = page
      .getByRole('grid', { name: t('ledger.title') })
      .getByRole('row')
      .filter({ hasText: FILE });
    await chooseFromMenu(page, entry, t('ledger.plan'));
    const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
    await expect(plan).toContainText(t('ledger.plan.honest.cdn'));
    await expect(plan).toContainText(t('ledger.remedy.change-cdn-key'));
    await page.keyboard.press('Escape');
  });
  await test.step('pasted again, it says what it is and when it ends', async () => {
    await pasteText(started, link);
    const card = page.getByRole('dialog', { name: FILE });
    await expect(card).toContainText(t('receive.cdn.looks', { type: 'A' }));
    await expect(card).not.toContainText(t('receive.unsigned.try'));
    await page.keyboard.press('Escape');
  });
  await test.step('its settings are with the bucket, without the key', async () => {
    const accountId = (await ask(page, 'accounts.list', {}))[0]?.id ?? '';
    const listed = await ask(page, 'cdn.list', { accountId, bucket: 'waybill-samples' });
    expect(listed).toMatchObject([{ domain: edge.origin, auth: { type: 'A' }, validitySeconds: 1800 }]);
    expect(JSON.stringify(listed)).not.toContain(KEY);
  });
});

test('the public link of a file is copied if everyone may read it, and the reason is told if not', async ({
  started,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, FILE), t('browse.copy-public-link'));
  const dialog = page.getByRole('dialog', { name: t('share.title', { name: FILE }) });
  await expect(dialog).toContainText(t('public.not.inherited'));
  await page.keyboard.press('Escape');

  const accountId = (await ask(page, 'accounts.list', {}))[0]?.id ?? '';
  await answerQuestions(app, true);
  const subject = { accountId, bucket: 'waybill-samples', keys: [FILE], prefixes: [], versionId: null };
  await ask(page, 'properties.change', {
    ...{ ...subject, changeId: crypto.randomUUID() },
    change: { acl: 'public-read' },
  });
  await chooseFromMenu(page, rowOf(page, FILE), t('browse.copy-public-link'));
  await expect(dialog).toContainText(t('public.meaning'));
  const link = await copiedText(app);
  expect(link).not.toContain('?');
  expect((await curl(link)).status).toBe(200);
  expect((await new AxeBuilder({ page }).setLegacyMode().include('[role=dialog]').analyze()).violations).toEqual([]);
});
