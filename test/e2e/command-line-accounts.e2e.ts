// The command line as the window's companion: it finds what the window has, and is shut with it.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { t } from '../support/words.ts';
import { addAccount, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { writeProfiles } from './support/profiles.ts';
import { ask } from './support/waybill.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as the person whose window it is. */
function waybill(home: { readonly folder: string; readonly profile: string }, args: readonly string[]): Promise<Ended> {
  const command = [resolve('dist/cli.js'), ...args, '--user-data-dir', home.profile];
  const env = { ...process.env, HOME: home.folder, WAYBILL_STATE_DIR: join(home.folder, 'state'), LC_ALL: 'C' };
  return new Promise((done) => {
    const child = execFile(process.execPath, command, { env }, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test('the command line finds the accounts and profiles of the window in its order, until a lock shuts both', async ({
  home,
  serve,
}) => {
  const server = await serve();
  const profiles = ['zulu', 'alpha'].map((name) => ({ name, mode: 'EcsRamRole', ram_role_name: 'web' }));
  await writeProfiles(home, 'zulu', profiles);
  const { page } = await home.launch();
  for (const name of ['Zebra', 'Archive']) await addAccount(page, { ...ownerOf(server), name });

  const inWindow = {
    accounts: (await ask(page, 'accounts.list', {})).map(({ id, name }) => ({ kind: 'account', id, name })),
    profiles: (await ask(page, 'accounts.profiles', {})).profiles.map(({ profile }) => ({
      kind: 'profile',
      ...profile,
    })),
  };
  expect(inWindow.accounts.map(({ name }) => name)).toEqual(['Zebra', 'Archive']);
  const listed = await waybill(home, ['accounts', '--json']);
  const lines = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines.slice(0, -1)).toMatchObject([...inWindow.accounts, ...inWindow.profiles]);

  const args = ['ls', 'oss://waybill-samples/', '--account', 'Archive'];
  expect(await waybill(home, args)).toMatchObject({ code: 0, stderr: '' });

  await ask(page, 'lock.enable', { passphrase: 'seven wombats juggle' });
  const refused = await waybill(home, args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(t('cli.account.locked'));
});
