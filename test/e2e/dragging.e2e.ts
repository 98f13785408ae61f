import { expect, test } from './support/app.ts';
import { ask, goTo, openBucket, openPractice, rowOf } from './support/waybill.ts';

test('a file is dragged into a folder, back onto a step of the path, and copied with Ctrl onto a bookmark', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  const at = { accountId, bucket: 'waybill-inbox' };
  for (const prefix of ['target/', 'marked/', 'thing/']) await ask(page, 'objects.createFolder', { ...at, prefix });
  await page.keyboard.press('F5');

  await rowOf(page, 'thing').dragTo(rowOf(page, 'target'));
  await expect(rowOf(page, 'thing')).toBeHidden();
  await goTo(page, 'oss://waybill-inbox/target/');
  await expect(rowOf(page, 'thing')).toBeVisible();

  await rowOf(page, 'thing').dragTo(
    page.getByRole('navigation', { name: 'Path' }).getByRole('button', { name: 'waybill-inbox' }),
  );
  await expect(rowOf(page, 'thing')).toBeHidden();
  await goTo(page, 'oss://waybill-inbox/marked/');
  await page.keyboard.press('ControlOrMeta+D');
  await goTo(page, 'oss://waybill-inbox/');
  const rail = page.getByRole('navigation', { name: 'Accounts and buckets' });
  await page.keyboard.down('Control');
  await rowOf(page, 'thing').dragTo(rail.getByRole('button', { name: 'marked' }));
  await page.keyboard.up('Control');
  await expect(page.getByText(/^Copying/)).toBeVisible();
  await expect(rowOf(page, 'thing')).toBeVisible();
  await goTo(page, 'oss://waybill-inbox/marked/');
  await expect(rowOf(page, 'thing')).toBeVisible();
});
