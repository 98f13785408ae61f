// Deleting many: counted, under way wherever one goes, stopped, and what fails.
import type { PracticeServer } from '../../main/practice/server.ts';
import { makeBucketOfKeys } from '../support/many-keys.ts';
import { counted, like, t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { answerQuestions } from './support/desktop.ts';
import { goTo, openBucket, rowOf } from './support/waybill.ts';

function* keys() {
  for (let at = 0; at < 6400; at += 1) yield { key: `old/${String(at).padStart(5, '0')}.txt` };
  yield { key: 'old/\u0001' };
  yield { key: 'kept/a.txt' };
}

/** A bucket with a folder of 6,401 files, one of which has a name that takes a request of its own. */
const test = base.extend<{ server: PracticeServer }>({
  server: [
    async ({ serve, home, page }, use) => {
      const dataDir = `${home.folder}/many`;
      await makeBucketOfKeys(dataDir, 'attic', keys());
      const server = await serve({ dataDir });
      await addAccount(page, { name: 'Depot', ...ownerOf(server) });
      await openBucket(page, 'attic');
      await expect(rowOf(page, 'old')).toBeVisible();
      await use(server);
    },
    { auto: true },
  ],
});

test('a folder is counted, deleted while one is elsewhere, stopped, and deleted to the end', async ({
  page,
  server,
  started,
}) => {
  const questions = await answerQuestions(started.app, true);
  await rowOf(page, 'old').click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: t('browse.delete.title', counted(1)) });
  await expect(question).toContainText(t('browse.delete.inside', counted(6_401)));
  server.faults.add({ match: { operation: 'DeleteMultipleObjects' }, effect: { kind: 'latency', ms: 1200 } });
  await question.getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true }).click();
  const progress = page
    .getByRole('status')
    .filter({ hasText: like('browse.deleting.of', { bucket: 'attic', shown: /[\d,]+/, total: /[\d,]+/ }) });
  await expect(progress).toContainText(
    like('browse.deleting.of', { bucket: 'attic', shown: /[\d,]+/, total: '6,401' }),
  );

  expect(await questions()).toEqual([t('consent.delete', { bucket: 'attic', count: 6_401 })]);

  await goTo(page, 'oss://attic/kept/');
  await expect(rowOf(page, 'a.txt')).toBeVisible();
  await expect(progress.getByRole('progressbar')).toBeVisible();
  await progress.getByRole('button', { name: t('common.stop') }).click();
  const stopped = page
    .getByRole('status')
    .filter({ hasText: like('browse.deleting.stopped', { count: 2, shown: /[\d,]+/ }) });
  await expect(stopped).toBeVisible();
  server.faults.clear();
  await stopped.getByRole('button', { name: t('common.continue') }).press('Enter');
  await expect(page.getByText(t('browse.deleted', counted(6_401)))).toBeVisible();
  await goTo(page, 'oss://attic/');
  await expect(rowOf(page, 'kept')).toBeVisible();
  await expect(rowOf(page, 'old')).toBeHidden();
});

test('what could not be deleted is listed with its reason, and tried again alone', async ({
  page,
  server,
  started,
}) => {
  await answerQuestions(started.app, true);
  const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
  server.faults.add({ match: { operation: 'DeleteObject' }, effect: denied });
  await rowOf(page, 'old').click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: t('browse.delete.title', counted(1)) });
  await question.getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true }).click();
  const strip = page.getByRole('status').filter({ hasText: t('browse.deleted.partly', { deleted: 6_400, failed: 1 }) });
  await strip.getByRole('button', { name: t('browse.deleted.show') }).click();
  const left = page.getByRole('dialog', { name: t('browse.deleted.failed', counted(1)) });
  await expect(left.getByRole('listitem')).toContainText('old/');
  server.faults.clear();
  await left.getByRole('button', { name: t('browse.deleted.retry') }).click();
  await expect(strip).toBeHidden();
  await expect(rowOf(page, 'old')).toBeHidden();
});

test('quitting while files are deleted asks first, and whoever stays goes on deleting', async ({
  page,
  server,
  started,
}) => {
  const { app } = started;
  await answerQuestions(app, true);
  server.faults.add({ match: { operation: 'DeleteMultipleObjects' }, effect: { kind: 'latency', ms: 3000 } });
  await rowOf(page, 'old').click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: t('browse.delete.title', counted(1)) });
  await expect(question).toContainText(t('browse.delete.inside', counted(6_401)));
  await question.getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true }).click();
  const status = page.getByRole('status');
  const deleting = like('browse.deleting.of', { bucket: 'attic', shown: /[\d,]+/, total: /[\d,]+/ });
  await expect(status.filter({ hasText: deleting })).toBeVisible();
  const asked = await answerQuestions(app, false);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(asked).toEqual([t('dialog.quit-deleting')]);
  server.faults.clear();
  await expect(page.getByText(t('browse.deleted', counted(6_401)))).toBeVisible();
});

test('a deletion that is cancelled in the system’s dialog deletes nothing', async ({ page, started }) => {
  await answerQuestions(started.app, false);
  await rowOf(page, 'old').click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: t('browse.delete.title', counted(1)) });
  await expect(question).toContainText(t('browse.delete.inside', counted(6_401)));
  await question.getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true }).click();
  await expect(question).toBeHidden();
  await page.keyboard.press('F5');
  await expect(rowOf(page, 'old')).toBeVisible();
});
