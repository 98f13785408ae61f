// Profiles of other programs, as the window and the command line find them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { like, t } from '../support/words.ts';
import { test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { writeProfiles } from './support/profiles.ts';

const run = promisify(execFile);

test('the start page, the form and the command line show the same profiles in the same order', async ({ home }) => {
  const names = ['zebra', 'archive', 'media', 'prod'];
  const profiles = names.map((name) => ({ name, mode: 'EcsRamRole', ram_role_name: name }));
  await writeProfiles(home, 'prod', profiles);
  const { stdout } = await run(process.execPath, ['dist/cli.js', 'accounts', '--json'], {
    env: { PATH: process.env['PATH'], HOME: home.folder },
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; name: string });
  expect(lines.filter(({ kind }) => kind === 'profile').map(({ name }) => name)).toEqual(names);
  const { page } = await home.launch();
  const offers = page.getByRole('button', { name: like('welcome.profile', { name: /\w+/ }) });
  // The current one is among those that there is room for.
  await expect(offers).toHaveText([/zebra/, /archive/, /prod/]);
  await offers.last().click();
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByLabel(t('accounts.source.profile'), { exact: true }).click();
  await expect(page.getByRole('option')).toHaveText(names.map((name) => new RegExp(name)));
});
