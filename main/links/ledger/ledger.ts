import type { Keychain } from '../../accounts/keychain.ts';
import { WaybillError } from '../../failure.ts';
import { readSignedUrl } from '../text/pasted-link.ts';
import { type LedgerEntry, type LedgerItem, ledgerName, type LedgerState, ledgerState } from './ledger-entry.ts';
import { LedgerFile, type LedgerPatch, patched } from './ledger-file.ts';

/** What to record of something that was just made. */
export type LedgerDraft = Omit<LedgerEntry, 'id' | 'note' | 'recipient' | 'urlKept' | 'goneAt' | 'renews'> &
  Partial<Pick<LedgerEntry, 'note' | 'recipient' | 'renews'>>;

/** Which entries to show. Fields that are null take all. */
export interface LedgerQuery {
  /** Words that must all be found in address, note, recipient or account. */
  readonly text: string;
  readonly states: readonly LedgerState[] | null;
  readonly accountId: string | null;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly offset: number;
  readonly limit: number;
}

/** Entries that were asked for, newest first, and how many there are in all. */
export interface LedgerPage {
  readonly items: readonly LedgerItem[];
  /** How many match, of which `items` is a part. */
  readonly total: number;
  /** Of those that match whatever their state, how many are in each. */
  readonly counts: Readonly<Record<LedgerState, number>>;
}

/** What the ledger works with. */
export interface LedgerOptions {
  readonly path: string;
  /** Where the URL of a link is kept when the person asks for that. */
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  readonly now?: () => number;
}

/** What was handed out: links and grants, without their secrets. */
export class Ledger {
  readonly #file: LedgerFile;
  readonly #entries: Map<string, LedgerEntry>;
  readonly #keychain: LedgerOptions['keychain'];
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  private constructor(file: LedgerFile, entries: Map<string, LedgerEntry>, options: LedgerOptions) {
    this.#file = file;
    this.#entries = entries;
    this.#keychain = options.keychain;
    this.#now = options.now ?? Date.now;
  }

  /** @throws WaybillError `file` when it is there but cannot be read */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const { file, entries } = await LedgerFile.open(options.path);
    return new Ledger(file, entries, options);
  }

  /** Calls `listener` after each change, until the function it gives back is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Remembers what was made, all of it in one write; gives the IDs in the same order. */
  async record(drafts: readonly LedgerDraft[]): Promise<readonly string[]> {
    const entries = drafts.map((draft): LedgerEntry => {
      const defaults = { note: '', recipient: '', renews: null };
      return { ...defaults, ...draft, id: crypto.randomUUID(), urlKept: false, goneAt: null };
    });
    await this.#file.append(entries.map((entry) => ({ op: 'add', entry })));
    for (const entry of entries) this.#entries.set(entry.id, entry);
    this.#changed();
    return entries.map(({ id }) => id);
  }

  /** @throws WaybillError `input` for an unknown ID */
  get(id: string): LedgerItem {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return this.#itemOf(entry);
  }

  /** All entries, newest first. */
  all(): readonly LedgerItem[] {
    return [...this.#entries.values()].map((entry) => this.#itemOf(entry)).reverse();
  }

  list(query: LedgerQuery): LedgerPage {
    const words = query.text.toLowerCase().split(/\s+/);
    const matching = this.all().filter((item) => matches(item, query, words));
    const counts = { live: 0, 'ending-soon': 0, ended: 0, 'target-gone': 0 };
    for (const { state } of matching) counts[state] += 1;
    const { states, offset, limit } = query;
    const wanted = states === null ? matching : matching.filter(({ state }) => states.includes(state));
    return { items: wanted.slice(offset, offset + limit), total: wanted.length, counts };
  }

  /** Adds to entries what was found out or what a person wrote. @throws WaybillError `input` for an unknown ID */
  async change(ids: readonly string[], patch: LedgerPatch): Promise<void> {
    const entries = ids.map((id) => this.get(id));
    await this.#file.append(ids.map((id) => ({ op: 'change', id, patch })));
    for (const { id } of entries) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) this.#entries.set(id, patched(entry, patch));
    }
    this.#changed();
  }

  /** Forgets entries, and their URLs. What was handed out goes on working. */
  async remove(ids: readonly string[]): Promise<void> {
    const known = ids.filter((id) => this.#entries.has(id));
    for (const id of known) {
      if (this.#entries.get(id)?.urlKept === true) await this.#keychain.delete(urlId(id));
    }
    await this.#file.append(known.map((id) => ({ op: 'remove', id })));
    for (const id of known) this.#entries.delete(id);
    this.#changed();
  }

  /**
   * Keeps the URL of an entry in the keychain.
   * @throws WaybillError `input` when the URL is not that of the entry, `keychain` when it can't be kept
   */
  async keepUrl(id: string, url: string): Promise<void> {
    const { what } = this.get(id);
    const reading = readSignedUrl(url);
    if (what.kind !== 'link' || reading.kind !== 'link' || reading.parts.key !== what.key) {
      throw new WaybillError({ kind: 'input', field: 'url', rule: 'other-link' });
    }
    const { fragment } = reading;
    // With its note, which says what must be sent: without it a link to upload is hard to use.
    await this.#keychain.setText(urlId(id), fragment === '' ? reading.url : `${reading.url}#${fragment}`);
    await this.change([id], { urlKept: true });
  }

  /** Takes the URL of an entry out of the keychain. @throws WaybillError `keychain` while that is locked */
  async forgetUrl(id: string): Promise<void> {
    if (!this.get(id).urlKept) return;
    await this.#keychain.delete(urlId(id));
    await this.change([id], { urlKept: false });
  }

  /** The URL that was kept. @throws WaybillError `input` where none was, `keychain` while that is locked */
  async keptUrl(id: string): Promise<string> {
    const url = this.get(id).urlKept ? await this.#keychain.getText(urlId(id)) : null;
    if (url === null) throw new WaybillError({ kind: 'input', field: 'url', rule: 'not-kept' });
    return url;
  }

  #itemOf(entry: LedgerEntry): LedgerItem {
    return { ...entry, state: ledgerState(entry, this.#now()) };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The keychain holds accounts under their bare IDs. */
function urlId(id: string): string {
  return `link:${id}`;
}

function matches(item: LedgerItem, query: LedgerQuery, words: readonly string[]): boolean {
  const { accountId, bucket, key } = query;
  if (accountId !== null && item.accountId !== accountId) return false;
  if (bucket !== null && item.what.bucket !== bucket) return false;
  if (key !== null && (item.what.kind !== 'link' || item.what.key !== key)) return false;
  const { note, recipient, accountName } = item;
  const text = `${ledgerName(item)}\n${note}\n${recipient}\n${accountName}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
