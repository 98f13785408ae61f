import { join } from 'node:path';
import { readLedgerFile } from '../../links/ledger/ledger-file.ts';
import type { CommandContext } from '../arguments/command.ts';
import type { RevokeValues } from '../arguments/revoke-options.ts';
import { userDataFolder } from '../credentials/window-accounts.ts';
import { isOwnFile, usualFolder } from '../transfers/state-folder.ts';
import { type RevocableNote, RevocableNotes } from './revocable-notes.ts';

/** A session that this computer created for links; `host` is theirs, where that was noted. */
export type KnownSession = Omit<RevocableNote, 'host'> & { readonly host: string | null };

/**
 * The session with an AccessKey ID: as `share` noted it, or as the window recorded it; null where neither did.
 * @throws as RevocableNotes.find()
 */
export async function findSession(
  accessKeyId: string,
  values: RevokeValues,
  { env }: Pick<CommandContext, 'env'>,
): Promise<KnownSession | null> {
  const noted = await new RevocableNotes(usualFolder(env)).find(accessKeyId);
  return noted ?? findInWindow(accessKeyId, userDataFolder(values, env));
}

async function findInWindow(accessKeyId: string, folder: string): Promise<KnownSession | null> {
  const path = join(folder, 'ledger.jsonl');
  if (!(await isOwnFile(path))) return null;
  const signed = readLedgerFile(path).filter(({ session }) => session?.accessKeyId === accessKeyId);
  const [first] = signed;
  if (first?.session === undefined) return null;
  const { principals, validUntil } = first.session;
  return { accessKeyId, principals, bucket: first.what.bucket, host: null, links: signed.length, validUntil };
}
