// Objects that are copied in one account and pasted in another.
import type { Page } from 'playwright';
import { counted, t } from '../support/words.ts';
import { addAccount, chooseFromSwitcher, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { aliOss } from './support/practice.ts';
import { goTo, openBucket, rowOf, showTransfers, transferOf, verified } from './support/waybill.ts';

const bucket = 'waybill-inbox';
const other = 'waybill-samples';
const visitor = { accessKeyId: 'LTAI-visitor', accessKeySecret: 'the-secret-of-the-visitor', name: 'Visitor' };
const readOnly = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['oss:Get*', 'oss:List*'], Resource: ['*'] }],
} as const;

test('what was copied in one account is pasted in another on another server, byte for byte', async ({
  page,
  serve,
}) => {
  const [depot, quay] = [await serve(), await serve()];
  await aliOss(depot, bucket).put('crates/one.txt', Buffer.from('from the depot'));
  await addAccount(page, { name: 'Quay', ...ownerOf(quay) });
  await addAccount(page, { name: 'Depot', ...ownerOf(depot) });
  await showTransfers(page);
  await copyRow(page, 'crates', 'ControlOrMeta+C');
  await pasteIn(page, 'Quay', other);
  await expect(page.getByText(t('browse.copied', { ...counted(1), folder: `oss://${other}/` }))).toBeVisible();
  await expect(transferOf(page, 'crates')).toContainText(verified);
  await expect(rowOf(page, 'crates')).toBeVisible();
  const { content } = (await aliOss(quay, other).get('crates/one.txt')) as { content: unknown };
  expect(String(content)).toBe('from the depot');
  await aliOss(depot, bucket).head('crates/one.txt');
});

test('another key of the same server pastes where it may write, and is told which right it lacks where not', async ({
  page,
  serve,
}) => {
  const server = await serve({ users: [{ ...visitor, policy: readOnly }] });
  await aliOss(server, bucket).put('manifest.txt', Buffer.from('as listed'));
  await addAccount(page, { ...ownerOf(server), ...visitor });
  await addAccount(page, { name: 'Owner', ...ownerOf(server) });
  await showTransfers(page);

  await test.step('from the owner into the account that may only read', async () => {
    await copyRow(page, 'manifest.txt', 'ControlOrMeta+X');
    await pasteIn(page, 'Visitor', other);
    const transfer = transferOf(page, 'manifest.txt');
    await expect(transfer).toContainText('oss:PutObject');
    // What was cut is not gone because it could not be pasted.
    await aliOss(server, bucket).head('manifest.txt');
  });

  await test.step('from the account that may only read into the owner’s', async () => {
    await copyRow(page, 'manifest.txt', 'ControlOrMeta+C');
    await pasteIn(page, 'Owner', other);
    await expect(transferOf(page, 'manifest.txt').filter({ hasText: verified })).toHaveCount(1);
    await expect(rowOf(page, 'manifest.txt')).toBeVisible();
    const { content } = (await aliOss(server, other).get('manifest.txt')) as { content: unknown };
    expect(String(content)).toBe('as listed');
  });
});

async function copyRow(page: Page, name: string, keys: string): Promise<void> {
  await openBucket(page, bucket);
  await rowOf(page, name).click();
  await page.keyboard.press(keys);
}

async function pasteIn(page: Page, account: string, into: string): Promise<void> {
  await chooseFromSwitcher(page, account);
  await goTo(page, `oss://${into}/`);
  await page
    .getByRole('grid', { name: t('browse.content') })
    .or(page.getByText(t('browse.empty')))
    .first()
    .click();
  await page.keyboard.press('ControlOrMeta+V');
}
