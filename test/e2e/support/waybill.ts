import type { ElectronApplication, Frame, Locator, Page } from 'playwright';
import type { ArgsOf, CallName, Reply, Results } from '../../../main/contract/contract.ts';
import { escaped, like, startingWith, t } from '../../support/words.ts';
import { expect } from './app.ts';
import { answerDialogs, dropFiles } from './desktop.ts';

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

interface Running {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** Chooses files in the system's dialog, as a person does: main takes no paths that nobody gave. */
export async function giveFiles({ app, page }: Running, paths: readonly string[]): Promise<void> {
  await answerDialogs(app, paths);
  expect(await ask(page, 'dialogs.pickFiles', { what: 'files' })).toEqual(paths);
}

/** Chooses a folder to be written to, likewise. */
export async function giveFolder({ app, page }: Running, folder: string): Promise<void> {
  await answerDialogs(app, [folder]);
  expect(await ask(page, 'dialogs.pickFolder', {})).toBe(folder);
}

/** From the welcome screen into the practice account. */
export async function openPractice(page: Page): Promise<void> {
  await page.getByRole('button', { name: t('welcome.practice') }).click();
  await expect(page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
}

export async function openBucket(page: Page, bucket: string): Promise<void> {
  await page
    .getByRole('navigation', { name: t('rail.label') })
    .getByRole('button', { name: bucket })
    .click();
  await expect(
    page.getByRole('navigation', { name: t('browse.path') }).getByRole('button', { name: bucket }),
  ).toBeVisible();
}

/** Drags files and folders from the desktop into the folder that is shown. */
export async function dropIntoFolder(page: Page, paths: readonly string[]): Promise<void> {
  await dropFiles(page, page.getByRole('main'), paths);
}

/** What is read out behind the name of an archived file, or of one with another access than its bucket. */
const marks = [
  ...[t('list.archived'), t('list.archived.ongoing'), t('list.archived.readable')].map(escaped),
  ...[t('public.file.read'), t('public.file.write'), t('public.file.closed')].map(escaped),
  like('list.archived.until', { moment: /.+/ }).source,
].join('|');

/** The row of the list that is shown with this name at its start. (Marks beside a name are read out with it.) */
export function rowOf(page: Page, name: string): Locator {
  const plain = page.getByRole('gridcell', { name, exact: true });
  const cell = plain.or(page.getByRole('gridcell', { name: new RegExp(`^${escaped(name)} (?:${marks})`) }));
  return page
    .getByRole('grid', { name: t('browse.content') })
    .getByRole('row')
    .filter({ has: cell });
}

/** Goes to an address as a person does who typed it. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+L');
  await page.getByRole('combobox', { name: t('browse.address') }).fill(address);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: t('browse.address') })).toBeHidden();
}

/** Right-clicks a row and chooses from its menu. */
export async function chooseFromMenu(page: Page, row: Locator, item: string): Promise<void> {
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/** Shows the queue. */
export async function showTransfers(page: Page): Promise<void> {
  const toggle = page
    .getByRole('region', { name: t('transfers.title') })
    .getByRole('button', { name: startingWith(t('transfers.title')) });
  // It also opens by itself, maybe right before the click.
  await expect(async () => {
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    await expect(toggle).toHaveAttribute('aria-expanded', 'true', { timeout: 1_000 });
  }).toPass();
}

/** The entry of the queue for this name. */
export function transferOf(page: Page, name: string): Locator {
  return page
    .getByRole('region', { name: t('transfers.title') })
    .getByRole('listitem')
    .filter({ hasText: name });
}

export const verified = t('transfers.verified');

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
  await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByLabel(t('common.name'), { exact: true }).fill(entry.name);
  await form.getByLabel(t('accounts.form.access-key-id')).fill(entry.accessKeyId);
  await form.getByLabel(t('accounts.form.secret')).fill(entry.accessKeySecret);
  if (entry.securityToken !== undefined) {
    await form.getByText(t('accounts.form.temporary')).click();
    await form.getByLabel(t('accounts.form.token')).fill(entry.securityToken);
    await form.getByLabel(t('common.valid-until')).fill(entry.tokenEnd ?? '');
  }
  await form.getByText(t('accounts.form.server'), { exact: true }).click();
  await form.getByText(t('accounts.form.server.endpoint')).click();
  await form.getByRole('textbox', { name: t('accounts.form.endpoint'), exact: true }).fill(entry.endpoint);
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
}
