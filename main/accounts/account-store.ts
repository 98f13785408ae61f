import { readFile, rename } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode, fileError, onFile } from '../local-files/file-failure.ts';
import { type Account, accountSchema } from './account.ts';

const fileSchema = z.object({ version: z.literal(1), accounts: z.array(accountSchema) });

/** The saved accounts, in one JSON file. It holds no secret: those are in the keychain. */
export class AccountStore {
  /** Where a file that could not be understood was moved, or null. */
  readonly setAside: string | null;
  readonly #file: string;
  #accounts: readonly Account[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, accounts: readonly Account[], setAside: string | null) {
    this.#file = file;
    this.#accounts = accounts;
    this.setAside = setAside;
  }

  /**
   * Reads `file`; one that does not exist holds no accounts. A damaged one is moved to `<file>.damaged-<time>` and never
   * written over, since it may be all that is left of somebody's work.
   * @throws WaybillError `file` when it is there but cannot be read
   */
  static async open(file: string, now: () => number = Date.now): Promise<AccountStore> {
    const text = await readText(file);
    if (text === null) return new AccountStore(file, [], null);
    const accounts = parseAccounts(text);
    if (accounts !== null) return new AccountStore(file, accounts, null);
    const setAside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(':', '')}`;
    await onFile(file, rename(file, setAside));
    return new AccountStore(file, [], setAside);
  }

  all(): readonly Account[] {
    return this.#accounts;
  }

  /** Adds the account or replaces the one with its ID. */
  save(account: Account): Promise<void> {
    return this.#change((accounts) =>
      accounts.some(({ id }) => id === account.id)
        ? accounts.map((other) => (other.id === account.id ? account : other))
        : [...accounts, account],
    );
  }

  remove(id: string): Promise<void> {
    return this.#change((accounts) => accounts.filter((account) => account.id !== id));
  }

  /** One change after the other, and memory only follows what is on disk. */
  #change(edit: (accounts: readonly Account[]) => readonly Account[]): Promise<void> {
    const change = this.#writing.then(async () => {
      const accounts = edit(this.#accounts);
      const text = `${JSON.stringify({ version: 1, accounts }, null, 2)}\n`;
      await onFile(this.#file, writeFileAtomic(this.#file, text, { mode: 0o600 }));
      this.#accounts = accounts;
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
}

function parseAccounts(text: string): readonly Account[] | null {
  try {
    return fileSchema.parse(JSON.parse(text)).accounts;
  } catch {
    return null;
  }
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError(error, file);
  }
}
