import type { Account } from '../../accounts/account.ts';
import type { StoredSource } from '../../accounts/sources/source.ts';
import { escapeControls } from '../../words/controls.ts';
import type { Command } from '../arguments/command.ts';
import { readArgs } from '../arguments/options.ts';
import { windowAccounts } from '../credentials/window-accounts.ts';

/** `accounts`: lists the accounts that the window saved. */
export const accountsCommand: Command = {
  help: `accounts                 list the accounts that --account takes, in the window's order

  --user-data-dir DIR  the folder of the window's state, if the window is started with this option
  --json               output as JSON, one object per line`,
  async run(args, context) {
    const options = { json: { type: 'boolean' }, 'user-data-dir': { type: 'string' } } as const;
    const { values } = readArgs(args, options, []);
    const accounts = await windowAccounts(values, context);
    for (const account of accounts.list()) {
      await context.out.answer(values.json === true ? JSON.stringify(toJson(account)) : lineOf(account));
    }
    return 0;
  },
};

function lineOf(account: Account): string {
  const { name, region, role } = account;
  const signer = account.kind === 'key' ? account.accessKeyId : sourceOf(account.source);
  const columns = [name.padEnd(24), signer.padEnd(26), region.padEnd(16), role?.roleArn ?? ''];
  return columns.map(escapeControls).join('  ').trimEnd();
}

/** Where credentials come from, as options of the command line name it. */
function sourceOf(source: StoredSource): string {
  return source.kind === 'profile' ? `profile ${source.profile.name}` : source.kind;
}

function toJson(account: Account): object {
  const { id, name, endpoint, region, cname, role } = account;
  const signer =
    account.kind === 'key'
      ? { accessKeyId: account.accessKeyId, temporary: account.temporary }
      : { source: account.source };
  return { kind: 'account', name, id, ...signer, endpoint, region, cname, roleArn: role?.roleArn ?? null };
}
