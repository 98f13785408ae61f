import { z } from 'zod';
import { JsonFile } from '../local-files/json-file.ts';
import { type Account, accountSchema } from './account.ts';

const fileSchema = z.object({ version: z.literal(1), accounts: z.array(accountSchema) });
type AccountFile = z.infer<typeof fileSchema>;

/** The saved accounts, in one JSON file. It holds no secret: those are in the keychain. */
export class AccountStore {
  /** Where a file that could not be understood was moved, or null. */
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
   * Reads the file at `path`; one that does not exist holds no accounts, and a damaged one is set aside.
   * @throws WaybillError `file` when it is there but cannot be read
   */
  static async open(path: string, now: () => number = Date.now): Promise<AccountStore> {
    const file = new JsonFile<AccountFile>(path, fileSchema, { version: 1, accounts: [] });
    const { value, setAside } = await file.read(now);
    return new AccountStore(file, value.accounts, setAside);
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
      await this.#file.write({ version: 1, accounts: [...accounts] });
      this.#accounts = accounts;
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
}
