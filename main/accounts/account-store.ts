import { z } from 'zod';
import type { FileTrouble } from '../local-files/file-trouble.ts';
import { type JsonContent, JsonFile, type JsonFormat } from '../local-files/json-file.ts';
import { type Account, accountSchema } from './account.ts';

/** Version 1 holds accounts with an AccessKey alone, which older versions of Waybill read too. */
const fileSchema = z.object({ version: z.union([z.literal(1), z.literal(2)]), accounts: z.array(accountSchema) });
type AccountFile = z.infer<typeof fileSchema>;

const format: JsonFormat<AccountFile> = { version: 2, schema: fileSchema, fallback: { version: 1, accounts: [] } };

/** The saved accounts, in one JSON file (accounts.json). Their secrets are in the keychain. */
export class AccountStore {
  /** What was wrong with the file when it was opened. Where it can't be written, changes last until Waybill quits. */
  readonly troubles: readonly FileTrouble[];
  readonly #file: JsonFile<AccountFile>;
  #accounts: readonly Account[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: JsonFile<AccountFile>, { value, troubles }: JsonContent<AccountFile>) {
    this.#file = file;
    this.#accounts = value.accounts;
    this.troubles = troubles;
  }

  /** Reads the file at `path`. A missing file means no accounts; a damaged one is set aside; a newer one stays. */
  static async open(path: string, now: () => number = Date.now): Promise<AccountStore> {
    const file = new JsonFile(path, format);
    return new AccountStore(file, await file.read(now));
  }

  /** Reads the file of another program that may be running: it stays as it is, and changes last as long as this one. */
  static async peek(path: string): Promise<AccountStore> {
    const file = new JsonFile(path, format);
    return new AccountStore(file, await file.peek());
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

  /** Changes the account with this ID, after all changes before it. @throws WaybillError `file` */
  edit(id: string, change: (account: Account) => Account): Promise<void> {
    return this.#change((accounts) => accounts.map((account) => (account.id === id ? change(account) : account)));
  }

  remove(id: string): Promise<void> {
    return this.#change((accounts) => accounts.filter((account) => account.id !== id));
  }

  /** Serialises changes. Memory is updated only after the write succeeds. */
  #change(edit: (accounts: readonly Account[]) => readonly Account[]): Promise<void> {
    const change = this.#writing.then(async () => {
      const accounts = edit(this.#accounts);
      const version = accounts.every(({ kind }) => kind === 'key') ? 1 : 2;
      await this.#file.write({ version, accounts: [...accounts] });
      this.#accounts = accounts;
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
}
