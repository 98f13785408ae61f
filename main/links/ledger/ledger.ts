import type { Keychain } from '../../accounts/keychain.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { WaybillError } from '../../failure.ts';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { readSignedUrl } from '../text/pasted-link.ts';
import { type LedgerEntry, type LedgerItem, ledgerName, type LedgerState, ledgerState } from './ledger-entry.ts';
import { type ActScope, countStates, type EntryKind, kindOf, type LedgerActsPage, pageOfActs } from './ledger-acts.ts';
import { LedgerFile, type LedgerPatch, patched } from './ledger-file.ts';
import { ProbeStore } from './probe-store.ts';

/** A new entry. */
export type LedgerDraft = Omit<
  LedgerEntry,
  'id' | 'note' | 'recipient' | 'urlKept' | 'goneAt' | 'endedAt' | 'deniedAt' | 'sweptAt' | 'renews'
> &
  Partial<Pick<LedgerEntry, 'note' | 'recipient' | 'renews'>>;

/** What entries are looked for by. Null and missing fields match all. */
interface LedgerFilter {
  /** Words that must all occur in address, note, recipient or account name. */
  readonly text: string;
  readonly accountId: string | null;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly kind?: EntryKind | null;
  /** The act that the entry was handed out with. */
  readonly act?: string | null;
}

/** A filter of entries. */
export interface LedgerQuery extends LedgerFilter {
  readonly states: readonly LedgerState[] | null;
  readonly offset: number;
  readonly limit: number;
}

/** A filter of acts, by their entries. */
export interface LedgerActsQuery
  extends Pick<LedgerFilter, 'text' | 'accountId'>, Pick<LedgerQuery, 'offset' | 'limit'> {
  readonly kind: EntryKind | null;
  readonly scope: ActScope;
}

/** A page of matching entries, newest first. */
export interface LedgerPage {
  readonly items: readonly LedgerItem[];
  /** How many entries match in all. */
  readonly total: number;
  /** How many entries are in each state, among those that match the other fields. */
  readonly counts: Readonly<Record<LedgerState, number>>;
}

/** What the ledger needs. */
export interface LedgerOptions {
  readonly path: string;
  /** Stores the URL of a link if the user asks for that. */
  readonly keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  readonly now?: () => number;
}

/** How many URLs are remembered. */
const MAX_REMEMBERED = 50;

/** The ledger of issued links and grants. Its file holds no secrets. */
export class Ledger {
  /** What was wrong with the file when it was opened. */
  readonly troubles: readonly FileTrouble[];
  /** Links by which the end of revocable sessions is seen. */
  readonly probes: ProbeStore;
  readonly #file: LedgerFile;
  readonly #entries: Map<string, LedgerEntry>;
  readonly #keychain: LedgerOptions['keychain'];
  /** URLs of this run, by entry: in memory alone. */
  readonly #urls = new BoundedMap<string, string>(MAX_REMEMBERED);
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  private constructor(options: LedgerOptions) {
    const { file, entries, troubles } = LedgerFile.open(options.path);
    this.#file = file;
    this.#entries = entries;
    this.troubles = troubles;
    this.#keychain = options.keychain;
    this.probes = new ProbeStore(options.keychain);
    this.#now = options.now ?? Date.now;
  }

  /** Opens the ledger, which may not exist yet. */
  static open(options: LedgerOptions): Ledger {
    return new Ledger(options);
  }

  /** Calls `listener` after each change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Records entries in one write and returns their IDs in order. @throws WaybillError `file` */
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

  /** One entry. @throws WaybillError `input` for an unknown ID */
  get(id: string): LedgerItem {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
    return this.#itemOf(entry);
  }

  /** All entries, newest first. */
  all(): readonly LedgerItem[] {
    return [...this.#entries.values()].map((entry) => this.#itemOf(entry)).reverse();
  }

  /**
   * The newest links that still work and can be copied: urlOf() knows their URL (`isUrlKnown`), or it takes no more than
   * to create a download link again.
   */
  latestLinks(count: number): readonly (LedgerItem & { readonly isUrlKnown: boolean })[] {
    const found: (LedgerItem & { readonly isUrlKnown: boolean })[] = [];
    for (const entry of [...this.#entries.values()].reverse()) {
      if (found.length === count) break;
      const item = { ...this.#itemOf(entry), isUrlKnown: entry.urlKept || this.#urls.has(entry.id) };
      const works = item.state === 'live' || item.state === 'ending-soon';
      if (works && item.what.kind === 'link' && (item.isUrlKnown || item.what.method === 'GET')) found.push(item);
    }
    return found;
  }

  /** Remembers the URL of an entry until Waybill quits, so that it can be copied again. It isn't written anywhere. */
  rememberUrl(id: string, url: string): void {
    this.#urls.set(id, url);
  }

  /** The URL of an entry, from this run or from the keychain; null if neither has it. @throws WaybillError `keychain` */
  async urlOf(id: string): Promise<string | null> {
    return this.#urls.get(id) ?? (this.get(id).urlKept ? await this.storedUrl(id) : null);
  }

  /** The entries that match a filter, and how many there are in each state. */
  list(query: LedgerQuery): LedgerPage {
    const words = query.text.toLowerCase().split(/\s+/);
    const matching = this.all().filter((item) => matches(item, query, words));
    const counts = countStates(matching);
    const { states, offset, limit } = query;
    const wanted = states === null ? matching : matching.filter(({ state }) => states.includes(state));
    return { items: wanted.slice(offset, offset + limit), total: wanted.length, counts };
  }

  /** What was handed out, act by act. */
  acts({ text, accountId, kind, ...page }: LedgerActsQuery): LedgerActsPage {
    const words = text.toLowerCase().split(/\s+/);
    const all = this.all();
    const filter = { text, accountId, kind, bucket: null, key: null };
    const accounts = new Map<string, string>();
    for (const item of all) if (!accounts.has(item.accountId)) accounts.set(item.accountId, item.accountName);
    return {
      ...pageOfActs(
        all.filter((item) => matches(item, filter, words)),
        page,
      ),
      accounts: [...accounts].map(([id, name]) => ({ id, name })),
    };
  }

  /** Changes entries. @throws WaybillError `input` for an unknown ID, `file` */
  async change(ids: readonly string[], patch: LedgerPatch): Promise<void> {
    const entries = ids.map((id) => this.get(id));
    await this.#file.append(ids.map((id) => ({ op: 'change', id, patch })));
    for (const { id } of entries) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) this.#entries.set(id, patched(entry, patch));
    }
    this.#changed();
  }

  /** Removes entries and their stored URLs. The links and grants keep working. */
  async remove(ids: readonly string[]): Promise<void> {
    const known = ids.filter((id) => this.#entries.has(id));
    for (const id of known) {
      if (this.#entries.get(id)?.urlKept === true) await this.#keychain.delete(urlId(id));
    }
    await this.#file.append(known.map((id) => ({ op: 'remove', id })));
    const sessions = new Set(known.map((id) => this.#entries.get(id)?.session?.accessKeyId));
    for (const id of known) {
      this.#entries.delete(id);
      this.#urls.delete(id);
    }
    this.#changed();
    for (const { session } of this.#entries.values()) sessions.delete(session?.accessKeyId);
    for (const accessKeyId of sessions) if (accessKeyId !== undefined) await this.probes.forget(accessKeyId);
  }

  /** Removes everything, from the disk as well. @throws WaybillError `keychain` while that is locked, `file` */
  async clear(): Promise<void> {
    for (const { id, urlKept } of this.all()) if (urlKept) await this.#keychain.delete(urlId(id));
    for (const { session } of this.all()) if (session !== undefined) await this.probes.forget(session.accessKeyId);
    await this.#file.clear();
    this.#entries.clear();
    this.#urls.clear();
    this.#changed();
  }

  /**
   * Stores the URL of an entry in the keychain.
   * @throws WaybillError `input` if the URL isn't the entry's, `keychain` if it can't be stored
   */
  async storeUrl(id: string, url: string): Promise<void> {
    const { what } = this.get(id);
    const reading = readSignedUrl(url);
    const isLink = reading.kind === 'link' || reading.kind === 'cdn';
    if (what.kind !== 'link' || !isLink || reading.parts.key !== what.key) {
      throw new WaybillError({ kind: 'input', field: 'url', rule: 'other-link' });
    }
    const fragment = reading.kind === 'link' ? reading.fragment : '';
    // With its note: an upload link is unusable without the headers in it.
    await this.#keychain.setText(urlId(id), fragment === '' ? reading.url : `${reading.url}#${fragment}`);
    await this.change([id], { urlKept: true });
  }

  /** Deletes the stored URL of an entry. @throws WaybillError `keychain` while the keychain is locked */
  async deleteUrl(id: string): Promise<void> {
    if (!this.get(id).urlKept) return;
    await this.#keychain.delete(urlId(id));
    await this.change([id], { urlKept: false });
  }

  /** The stored URL of an entry. @throws WaybillError `input` if there is none, `keychain` while that is locked */
  async storedUrl(id: string): Promise<string> {
    const url = this.get(id).urlKept ? await this.#keychain.getText(urlId(id)) : null;
    if (url === null) throw new WaybillError({ kind: 'input', field: 'url', rule: 'not-kept' });
    return url;
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #itemOf(entry: LedgerEntry): LedgerItem {
    return { ...entry, state: ledgerState(entry, this.#now()) };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The prefix keeps URLs apart from accounts, which the keychain holds under their bare IDs. */
function urlId(id: string): string {
  return `link:${id}`;
}

function matches(item: LedgerItem, filter: LedgerFilter, words: readonly string[]): boolean {
  const { accountId, bucket, key } = filter;
  if (accountId !== null && item.accountId !== accountId) return false;
  if (bucket !== null && item.what.bucket !== bucket) return false;
  if (key !== null && !hasKey(item, key)) return false;
  if (!isOf(item, filter)) return false;
  const { note, recipient, accountName } = item;
  const text = `${ledgerName(item)}\n${note}\n${recipient}\n${accountName}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function isOf(item: LedgerItem, { kind = null, act = null }: LedgerFilter): boolean {
  return (kind === null || kindOf(item) === kind) && (act === null || item.act?.id === act);
}

/** Whether it is for this one object; a grant or a form for a folder isn't. */
function hasKey({ what }: LedgerItem, key: string): boolean {
  return (what.kind === 'link' || what.kind === 'ticket') && what.key === key;
}
