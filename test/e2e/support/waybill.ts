import type { Frame, Locator, Page } from 'playwright';
import type { ArgsOf, CallName, Reply, Results } from '../../../main/contract/contract.ts';
import { expect } from './app.ts';
import { dropFiles } from './desktop.ts';

/** Calls main over the page's own bridge with anything at all, as a page that was taken over could. */
export function callMain(target: Page | Frame, name: string, args: unknown): Promise<Reply<CallName>> {
  return target.evaluate(
    ([called, given]) => {
      const { waybill } = window as unknown as {
        waybill: { call(name: string, args: unknown): Promise<Reply<CallName>> };
      };
      return waybill.call(called, given);
    },
    [name, args] as const,
  );
}

/** Asks main what the page may ask. */
export async function ask<C extends CallName>(page: Page, name: C, args: ArgsOf<C>): Promise<Results[C]> {
  const reply = await callMain(page, name, args);
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
  return reply.value as Results[C];
}

/** From the welcome screen into the practice account. */
export async function openPractice(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try it here' }).click();
  await expect(page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
}

export async function openBucket(page: Page, bucket: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Accounts and buckets' }).getByRole('button', { name: bucket }).click();
  await expect(page.getByRole('navigation', { name: 'Path' }).getByRole('button', { name: bucket })).toBeVisible();
}

/** Drags files and folders from the desktop into the folder that is shown. */
export async function dropIntoFolder(page: Page, paths: readonly string[]): Promise<void> {
  await dropFiles(page, page.getByRole('main'), paths);
}

/** The row of the list that is shown with this name at its start. (Marks beside a name are read out with it.) */
export function rowOf(page: Page, name: string): Locator {
  const plain = page.getByRole('gridcell', { name, exact: true });
  const cell = plain.or(page.getByRole('gridcell', { name: `${name} Archived: ` }));
  return page.getByRole('grid', { name: 'Files' }).getByRole('row').filter({ has: cell });
}

/** Goes to an address as a person does who typed it. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+L');
  await page.getByRole('combobox', { name: 'Address' }).fill(address);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Address' })).toBeHidden();
}

/** Right-clicks a row and chooses from its menu. */
export async function chooseFromMenu(page: Page, row: Locator, item: string): Promise<void> {
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/** Shows the queue. */
export async function showTransfers(page: Page): Promise<void> {
  const toggle = page.getByRole('region', { name: 'Transfers' }).getByRole('button', { name: /^Transfers/ });
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
}

/** The entry of the queue for this name. */
export function transferOf(page: Page, name: string): Locator {
  return page.getByRole('region', { name: 'Transfers' }).getByRole('listitem').filter({ hasText: name });
}

export const verified = 'Verified (CRC-64)';

interface AccountEntry {
  readonly name: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** Local time, as a field for a moment takes it. */
  readonly tokenEnd?: string;
}

/** Fills in the account form and saves it. */
export async function addAccount(page: Page, entry: AccountEntry): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click();
  const form = page.getByRole('dialog', { name: 'Add an account' });
  await form.getByLabel('Name', { exact: true }).fill(entry.name);
  await form.getByLabel('AccessKey ID').fill(entry.accessKeyId);
  await form.getByLabel('AccessKey secret').fill(entry.accessKeySecret);
  if (entry.securityToken !== undefined) {
    await form.getByText('Temporary credentials (STS)').click();
    await form.getByLabel('Security token').fill(entry.securityToken);
    await form.getByLabel('Valid until').fill(entry.tokenEnd ?? '');
  }
  await form.getByText('Custom endpoint').click();
  await form.getByRole('textbox', { name: 'Endpoint', exact: true }).fill(entry.endpoint);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
}
