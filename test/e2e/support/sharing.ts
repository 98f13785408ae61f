import type { Locator, Page } from 'playwright';
import type { PracticeServer } from '../../../main/practice/server.ts';
import { t } from '../../support/words.ts';
import { expect } from './app.ts';
import { ask, chooseFromMenu, rowOf } from './waybill.ts';

/** Opens the share dialog of a row of the folder that is shown. */
export async function openShareOf(page: Page, name: string): Promise<Locator> {
  await chooseFromMenu(page, rowOf(page, name), t('browse.share'));
  return page.getByRole('dialog', { name: t('share.title', { name }) });
}

/** Makes the link that the dialog describes. @returns the link, with its note where it has one */
export async function makeLink(dialog: Locator): Promise<string> {
  await dialog.getByRole('button', { name: t('share.make') }).click();
  return dialog.getByRole('textbox', { name: t('share.link') }).inputValue();
}

/** Shows the options again after a link was made. */
export async function changeOptions(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: t('share.edit') }).click();
}

/** Chooses from a list of the dialog. */
export async function chooseOption(dialog: Locator, label: string, option: string): Promise<void> {
  await dialog.getByLabel(label, { exact: true }).click();
  await dialog.page().getByRole('option', { name: option }).click();
}

/** Adds the server's owner, who works through sessions of its role. */
export async function addRoleAccount(
  page: Page,
  server: PracticeServer,
  durationSeconds: number,
  { remember = false } = {},
): Promise<void> {
  const { accessKeyId, accessKeySecret, endpoint, region, roleArn } = server;
  const draft = {
    ...{
      kind: 'key' as const,
      name: 'Through a role',
      colour: 'violet' as const,
      accessKeyId,
      accessKeySecret,
      endpoint,
      region,
    },
    ...{ securityToken: null, tokenValidUntil: null, cname: false, signVersion: 'v4' as const, startPath: null },
    ...{ defaultExpirySeconds: 3600, remember, stsEndpoint: `http://${server.stsEndpoint}` },
    role: { roleArn, sessionName: 'waybill', durationSeconds },
  };
  await ask(page, 'accounts.add', { draft });
  await expect(page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
}
