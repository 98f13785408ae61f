// Two walks through the whole app: add an account, upload, share, receive. One has a keyboard and no mouse, the other
// finds everything by what a screen reader is told. Each screen is looked at by axe.
import { AxeBuilder } from '@axe-core/playwright';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
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
    await tabTo(page, page.getByRole('button', { name: 'Add an account' }));
    await keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Add an account' });
    await type(form.getByLabel('AccessKey ID'), server.accessKeyId);
    await type(form.getByLabel('AccessKey secret'), server.accessKeySecret);
    await tabTo(page, form.getByRole('radio', { name: 'Region' }));
    await keyboard.press('ArrowRight');
    await type(form.getByRole('textbox', { name: 'Endpoint', exact: true }), server.endpoint);
    await expectNoBarriers(page);
    await keyboard.press('Enter');
    await expect(form).toBeHidden();
  });

  await test.step('upload', async () => {
    await expect(page.getByRole('button', { name: 'waybill-inbox' }).first()).toBeVisible();
    await keyboard.press('ControlOrMeta+L');
    await expect(page.getByRole('combobox', { name: 'Address' })).toBeFocused();
    await keyboard.insertText('oss://waybill-inbox/');
    await keyboard.press('Enter');
    await expect(page.getByText('This folder is empty')).toBeVisible();
    await answerDialogs(app, [file]);
    await keyboard.press('ControlOrMeta+U');
    await expect(page.getByRole('gridcell', { name: 'parcel.bin' })).toBeVisible();
    await expectNoBarriers(page);
  });

  await test.step('share', async () => {
    await tabTo(page, page.getByRole('grid', { name: 'Files' }));
    await keyboard.press('Home');
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Share “parcel.bin”' });
    await expect(dialog.getByText('can be read on the way')).toBeVisible();
    await expectNoBarriers(page);
    await keyboard.press('Enter');
    await expect(dialog.getByRole('textbox', { name: 'Share link' })).toBeFocused();
    await copiedLink(app, 'parcel.bin');
    await expectNoBarriers(page);
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('receive', async () => {
    await keyboard.press('ControlOrMeta+V');
    const card = page.getByRole('dialog', { name: 'parcel.bin' });
    await expect(card.getByRole('button', { name: 'Download', exact: true })).toBeFocused();
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
    await page.getByRole('button', { name: 'Add an account' }).click();
    const form = page.getByRole('dialog', { name: 'Add an account' });
    await expect(form).toMatchAriaSnapshot(`
      - dialog "Add an account":
        - banner:
          - heading "Add an account" [level=2]
        - textbox "AccessKey ID"
        - textbox "AccessKey secret"
        - radiogroup "Server":
          - radio "Region" [checked]
          - radio "Custom endpoint"
        - contentinfo:
          - button "Save"
    `);
    await expectNoBarriers(page);
    await form.getByRole('textbox', { name: 'AccessKey ID' }).fill(server.accessKeyId);
    await form.getByLabel('AccessKey secret').fill(server.accessKeySecret);
    await form.getByRole('radio', { name: 'Custom endpoint' }).press('Space');
    await form.getByRole('textbox', { name: 'Endpoint', exact: true }).fill(server.endpoint);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form).toBeHidden();
    await expect(page.getByRole('button', { name: /^Account: / })).toContainText('http: not private');
  });

  await test.step('upload', async () => {
    const rail = page.getByRole('navigation', { name: 'Accounts and buckets' });
    await rail.getByRole('button', { name: 'waybill-inbox' }).click();
    const commands = page.getByRole('toolbar', { name: 'Commands' });
    await commands.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Upload files…' }).click();
    await expect(page.getByRole('grid', { name: 'Files' })).toMatchAriaSnapshot(`
      - grid "Files":
        - rowgroup:
          - row /parcel\\.bin .+/:
            - gridcell "parcel.bin"
    `);
    await expectNoBarriers(page);
  });

  const link = await test.step('share', async () => {
    await page.getByRole('row', { name: /parcel\.bin/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Share…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share “parcel.bin”' });
    await dialog.getByRole('radio', { name: '1 day' }).press('Space');
    await dialog.getByRole('button', { name: 'Make link and copy' }).click();
    await expectNoBarriers(page);
    const made = await dialog.getByRole('textbox', { name: 'Share link' }).inputValue();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    return made;
  });

  await test.step('receive', async () => {
    await pasteText(started, link);
    const card = page.getByRole('dialog', { name: 'parcel.bin' });
    await card.getByRole('button', { name: 'Download', exact: true }).click();
    await expect(card).toContainText(verified);
    expect(await sha256Of(join(home.downloads, 'parcel.bin'))).toBe(sum);
    await expectNoBarriers(page);
  });
});
