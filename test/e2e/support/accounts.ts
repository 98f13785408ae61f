import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { type PracticeOptions, type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { like, t } from '../../support/words.ts';
import { expect, test as appTest } from './app.ts';

/** Starts a practice server in the test's own process; it ends with the test. */
export type Serve = (options?: Partial<PracticeOptions>) => Promise<PracticeServer>;

/** Tests of Waybill with servers of their own to talk to. */
export const test = appTest.extend<{ serve: Serve }>({
  serve: async ({ home }, use) => {
    const servers: PracticeServer[] = [];
    await use(async (options = {}) => {
      const given = { dataDir: join(home.folder, `server-${servers.length}`), ...options };
      // It keeps its key there.
      home.mayHoldSecrets(given.dataDir);
      const server = await startPractice(given);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.close();
  },
});

/** What is typed into the account form; what is left out stays as it is. */
export interface AccountEntry {
  readonly name?: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly endpoint?: string;
  readonly startPath?: string;
}

/** What to type for the owner of a practice server. */
export function ownerOf({ accessKeyId, accessKeySecret, endpoint }: PracticeServer): AccountEntry {
  return { accessKeyId, accessKeySecret, endpoint };
}

/** Types into the account form that is open. */
export async function fillAccountForm(form: Locator, entry: AccountEntry): Promise<void> {
  const { name, accessKeyId, accessKeySecret, endpoint, startPath } = entry;
  if (name !== undefined) await form.getByLabel(t('common.name'), { exact: true }).fill(name);
  if (accessKeyId !== undefined) await form.getByLabel(t('accounts.form.access-key-id')).fill(accessKeyId);
  if (accessKeySecret !== undefined) await form.getByLabel(t('accounts.form.secret')).fill(accessKeySecret);
  if (endpoint !== undefined) {
    await chooseEndpoint(form);
    await form.getByLabel(t('accounts.form.endpoint'), { exact: true }).fill(endpoint);
  }
  if (startPath !== undefined) {
    await form.getByText(t('accounts.form.advanced'), { exact: true }).click();
    await form.getByLabel(t('accounts.form.start-path')).fill(startPath);
  }
}

/** Opens the part of the account form about the server, and chooses an endpoint of one's own. */
async function chooseEndpoint(form: Locator): Promise<void> {
  const choice = form.getByText(t('accounts.form.server.endpoint'), { exact: true });
  if (!(await choice.isVisible())) await form.getByText(t('accounts.form.server'), { exact: true }).click();
  await choice.click();
}

/** Adds an account from the welcome screen, or from the menu of accounts where there are some. */
export async function addAccount(page: Page, entry: AccountEntry): Promise<void> {
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await fillAccountForm(form, entry);
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
}

/** Opens the form for a new account. */
export async function openAccountForm(page: Page): Promise<void> {
  const first = page.getByRole('button', { name: t('accounts.form.title.new') });
  const switcher = accountSwitcher(page);
  await expect(first.or(switcher)).toBeVisible();
  if (await first.isVisible()) await first.click();
  else await chooseFromSwitcher(page, t('accounts.add'));
}

/** The button that shows the account in use. */
export function accountSwitcher(page: Page): Locator {
  return page.getByRole('button', { name: like('accounts.switch', { name: /.+/ }) });
}

/** Chooses an account, or what to do with the one in use. */
export async function chooseFromSwitcher(page: Page, item: string): Promise<void> {
  await accountSwitcher(page).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
