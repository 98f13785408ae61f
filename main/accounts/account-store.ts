import { z } from 'zod';
import { JsonFile } from '../local-files/json-file.ts';
import { type Account, accountSchema } from './account.ts';

const fileSchema = z.object({ version: z.literal(1), accounts: z.array(accountSchema) });
type AccountFile = z.infer<typeof fileSchema>;

/** The saved accounts, in one JSON file (accounts.json). Their secrets are in the keychain. */
export class AccountStore {
  /** Where an unreadable file was moved to; null if there was none. */
  readonly setAside: string | null;
  readonly #file: JsonFile<AccountFile>;
  #accounts: readonly Account[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: JsonFile<AccountFile>, accounts: readonly Account[], setAside: string | null) {
    this.#file = file;
    this.#accounts = accounts;
    this.setAside = setAside;
  }

  /**
   * Reads the file at `path`. A missing file means no accounts; a damaged one is set aside.
   * @throws WaybillError `file` if it exists but can't be read
   */
  static async open(path: string, now: () => number = Date.now): Promise<AccountStore> {
    const file = new JsonFile<AccountFile>(path, fileSchema, { version: 1, accounts: [] });
    const { value, setAside } = await file.read(now);
    return new AccountStore(file, value.accounts, setAside);
  }

  all(): readonly Account[] {
    return this.#accounts;
  }

  /** Adds the account, or replaces the one with its ID. @throws WaybillError `file` */
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

  /** Serialises changes. Memory is updated only after the write succeeds. */
  #change(edit: (accounts: readonly Account[]) => readonly Account[]): Promise<void> {
    const change = this.#writing.then(async () => {
      const accounts = edit(this.#accounts);
      await this.#file.write({ version: 1, accounts: [...accounts] });
      this.#accounts = accounts;
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
}
