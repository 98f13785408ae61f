import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../local-files/file-failure.ts';

/** The owner's AccessKey pair of a practice folder. It is valid only for the server on this machine. */
export interface AccountKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Reads the folder's key, or creates one that only the user can read. */
export async function readAccountFile(dataDir: string): Promise<AccountKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'account.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as AccountKey;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const created: AccountKey = {
    accessKeyId: `PRACTICE${randomBytes(8).toString('hex').toUpperCase()}`,
    accessKeySecret: randomBytes(24).toString('base64url'),
  };
  await writeFile(path, JSON.stringify(created), { mode: 0o600, flag: 'wx' });
  return created;
}
