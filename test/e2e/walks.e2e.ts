// Two walks through the whole app: add an account, upload, share, receive. One has a keyboard and no mouse, the other
// finds everything by what a screen reader is told. Each screen is looked at by axe.
import { AxeBuilder } from '@axe-core/playwright';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { like, t } from '../support/words.ts';
import { copiedLink, pasteText, answerDialogs } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { verified } from './support/waybill.ts';

async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

test('with the keyboard alone', async ({ started, home, server }) => {
  const { app, page } = started;
  const { keyboard } = page;
  const file = join(home.folder, 'parcel.bin');
  const sum = await makeFile(file, 90_000);
  const type = async (field: Locator, text: string): Promise<void> => {
    await tabTo(page, field);
    await keyboard.insertText(text);
  };

  await test.step('add an account', async () => {
    await expectNoBarriers(page);
    await tabTo(page, page.getByRole('button', { name: t('accounts.form.title.new') }));
    await keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
    await type(form.getByLabel(t('accounts.form.access-key-id')), server.accessKeyId);
    await type(form.getByLabel(t('accounts.form.secret')), server.accessKeySecret);
    await tabTo(page, form.locator('summary').filter({ hasText: t('accounts.form.server') }));
    await keyboard.press('Enter');
    await tabTo(page, form.getByRole('radio', { name: t('common.region') }));
    await keyboard.press('ArrowRight');
    await type(form.getByRole('textbox', { name: t('accounts.form.endpoint'), exact: true }), server.endpoint);
    await expectNoBarriers(page);
    await keyboard.press('Enter');
    await expect(form).toBeHidden();
  });

  await test.step('upload', async () => {
    await expect(page.getByRole('button', { name: 'waybill-inbox' }).first()).toBeVisible();
    await keyboard.press('ControlOrMeta+L');
    await expect(page.getByRole('combobox', { name: t('browse.address') })).toBeFocused();
    await keyboard.insertText('oss://waybill-inbox/');
    await keyboard.press('Enter');
    await expect(page.getByText(t('browse.empty'))).toBeVisible();
    await answerDialogs(app, [file]);
    await keyboard.press('ControlOrMeta+U');
    await expect(page.getByRole('gridcell', { name: 'parcel.bin' })).toBeVisible();
    await expectNoBarriers(page);
  });

  await test.step('share', async () => {
    await tabTo(page, page.getByRole('grid', { name: t('browse.content') }));
    await keyboard.press('Home');
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: t('share.title', { name: 'parcel.bin' }) });
    await expect(dialog.getByText(t('share.insecure'))).toBeVisible();
    await expectNoBarriers(page);
    await keyboard.press('Enter');
    await expect(dialog.getByRole('textbox', { name: t('share.link') })).toBeFocused();
    await copiedLink(app, 'parcel.bin');
    await expectNoBarriers(page);
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('receive', async () => {
    await keyboard.press('ControlOrMeta+V');
    const card = page.getByRole('dialog', { name: 'parcel.bin' });
    await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeFocused();
    await expectNoBarriers(page);
    await keyboard.press('Enter');
    await expect(card).toContainText(verified);
    expect(await sha256Of(join(home.downloads, 'parcel.bin'))).toBe(sum);
  });
});

test('by what a screen reader is told', async ({ started, home, server }) => {
  const { app, page } = started;
  const file = join(home.folder, 'parcel.bin');
  const sum = await makeFile(file, 90_000);
  await answerDialogs(app, [file]);

  await test.step('add an account', async () => {
    await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
    const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
    await expect(form).toMatchAriaSnapshot(`
      - dialog "${t('accounts.form.title.new')}":
        - banner:
          - heading "${t('accounts.form.title.new')}" [level=2]
        - textbox "${t('accounts.form.access-key-id')}"
        - textbox "${t('accounts.form.secret')}"
        - contentinfo:
          - button "${t('common.save')}"
    `);
    await expectNoBarriers(page);
    await form.getByRole('textbox', { name: t('accounts.form.access-key-id') }).fill(server.accessKeyId);
    await form.getByLabel(t('accounts.form.secret')).fill(server.accessKeySecret);
    await form.getByText(t('accounts.form.server'), { exact: true }).click();
    await form.getByRole('radio', { name: t('accounts.form.server.endpoint') }).press('Space');
    await form.getByRole('textbox', { name: t('accounts.form.endpoint'), exact: true }).fill(server.endpoint);
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole('button', { name: like('accounts.switch', { name: /.+/ }) })).toContainText(
      t('accounts.not-private'),
    );
  });

  await test.step('upload', async () => {
    const rail = page.getByRole('navigation', { name: t('rail.label') });
    await rail.getByRole('button', { name: 'waybill-inbox' }).click();
    const commands = page.getByRole('toolbar', { name: t('browse.commands') });
    await commands.getByRole('button', { name: t('browse.upload'), exact: true }).click();
    await page.getByRole('menuitem', { name: t('browse.upload-files') }).click();
    await expect(page.getByRole('grid', { name: t('browse.content') })).toMatchAriaSnapshot(`
      - grid "${t('browse.content')}":
        - rowgroup:
          - row /parcel\\.bin .+/:
            - gridcell "parcel.bin"
    `);
    await expectNoBarriers(page);
  });

  const link = await test.step('share', async () => {
    await page.getByRole('row', { name: /parcel\.bin/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: t('browse.share') }).click();
    const dialog = page.getByRole('dialog', { name: t('share.title', { name: 'parcel.bin' }) });
    await dialog.getByRole('radio', { name: t('share.expiry.preset.86400') }).press('Space');
    await dialog.getByRole('button', { name: t('share.make') }).click();
    await expectNoBarriers(page);
    const made = await dialog.getByRole('textbox', { name: t('share.link') }).inputValue();
    await dialog
      .getByRole('button', { name: t('common.close') })
      .first()
      .click();
    return made;
  });

  await test.step('receive', async () => {
    await pasteText(started, link);
    const card = page.getByRole('dialog', { name: 'parcel.bin' });
    await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
    await expect(card).toContainText(verified);
    expect(await sha256Of(join(home.downloads, 'parcel.bin'))).toBe(sum);
    await expectNoBarriers(page);
  });
});
