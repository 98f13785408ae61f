import type { Account } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { Emitter } from '../../lib/emitter.ts';
import { Newest } from '../../lib/newest.ts';
import { folderOf, isSamePlace, parentOf, type Place, readAddress, withSlash } from '../../lib/place.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { AccountList } from '../accounts.svelte.ts';
import { BucketList } from './bucket-list.svelte.ts';
import { ObjectList } from './object-list.svelte.ts';
import type { Search } from './page-source.ts';
import { Selection } from './selection.svelte.ts';
import { type Visit, VisitHistory } from './visit-history.svelte.ts';

/** The current place, the history of visits, and the list shown. */
export class Browser {
  readonly #call: typeof call;
  readonly #accounts: AccountList;
  readonly buckets: BucketList;
  readonly selection = new Selection();

  place = $state.raw<Place | null>(null);
  /** The folder shown; null in the list of an account's buckets. */
  list = $state.raw<ObjectList | null>(null);
  /** The ledger of links and grants covers the files. */
  showsLinks = $state(false);
  /** Emitted when another place opens; null once there are no accounts. */
  readonly visited = new Emitter<Place | null>();
  /** Emitted when something in the folder changed: details shown of it may be out of date. */
  readonly changed = new Emitter();
  /** Lists show older versions and delete markers. */
  showsVersions = $state(false);
  /** The address is being edited. */
  editingAddress = $state(false);
  readonly #history = new VisitHistory();
  /** A lookup of a typed address. Dropped when the user goes elsewhere, so that a late answer doesn't navigate. */
  readonly #going = new Newest();
  /** The folder that a search covers. */
  #searched: ObjectList | null = null;

  readonly canGoBack = $derived(this.#history.canGoBack);
  readonly canGoForward = $derived(this.#history.canGoForward);
  readonly canGoUp = $derived(this.place !== null && parentOf(this.place) !== null);

  constructor(accounts: AccountList, callMain: typeof call) {
    this.#accounts = accounts;
    this.#call = callMain;
    this.buckets = new BucketList(callMain);
  }

  /** Opens the account's start path, for keys that may not list buckets, or its buckets. */
  openAccount(account: Account): void {
    const { startPath } = account;
    const prefix = startPath === null ? '' : withSlash(startPath.prefix);
    this.open({ accountId: account.id, bucket: startPath?.bucket ?? null, prefix });
  }

  /** Opens the window's first place if its account still exists, or else the current account. */
  begin(place: Place | null): void {
    if (place !== null && this.#accounts.get(place.accountId) !== null) this.open(place);
    else this.followAccounts();
  }

  /** After an account was added or changed: reloads it if it is current, or else switches to it. */
  reopenAccount(account: Account): void {
    if (this.place?.accountId !== account.id) this.openAccount(account);
    else {
      void this.buckets.open(account.id);
      if (this.list !== null) this.refresh();
    }
  }

  openLinks(): void {
    this.showsLinks = true;
    this.cancelAddress();
  }

  /** Closes the address field. A lookup still under way is dropped. */
  cancelAddress(): void {
    this.#going.drop();
    this.editingAddress = false;
  }

  /** Returns to the files, which stay as they were. */
  leaveLinks(): void {
    this.showsLinks = false;
  }

  open({ accountId, bucket, prefix }: Place): void {
    const place = { accountId, bucket, prefix };
    this.leaveLinks();
    this.cancelAddress();
    if (isSamePlace(place, this.place)) {
      this.refresh();
      return;
    }
    this.#history.leave(this.#visit());
    this.#show(place);
  }

  openPrefix(prefix: string): void {
    if (this.place !== null) this.open({ ...this.place, prefix });
  }

  openBucket(bucket: string): void {
    if (this.place !== null) this.open({ ...this.place, bucket, prefix: '' });
  }

  back(): void {
    if (this.showsLinks) this.leaveLinks();
    else if (this.#searched !== null) this.endSearch();
    else this.#return(this.#history.back(this.#visit()));
  }

  forward(): void {
    this.#return(this.#history.forward(this.#visit()));
  }

  /** Searches OSS instead of filtering the loaded rows. The folder's own list is kept for endSearch(). */
  search(search: Search): void {
    const { list } = this;
    if (list === null || search.text === '') return;
    this.#searched ??= list;
    list.close();
    this.selection.clear();
    this.list = this.#makeList(list.folder, search);
    void (search.kind === 'anywhere' ? this.list.loadAll() : this.list.loadMore());
  }

  /** Shows or hides older versions and delete markers. */
  toggleVersions(): void {
    this.showsVersions = !this.showsVersions;
    const { place, list } = this;
    if (place === null || list === null || list.search?.kind === 'anywhere') return;
    const { search, filter } = list;
    this.#show(place);
    if (search !== null) this.search(search);
    else if (this.list !== null) this.list.filter = filter;
  }

  /** Returns to the folder, which stays as it was. */
  endSearch(): void {
    const folder = this.#searched;
    if (folder === null) return;
    this.list?.close();
    this.#searched = null;
    this.selection.clear();
    folder.filter = '';
    this.list = folder;
    folder.reopen();
  }

  /** Opens the parent folder and puts the cursor on the folder just left. */
  up(): void {
    if (this.showsLinks) {
      this.leaveLinks();
      return;
    }
    const { place } = this;
    const parent = place === null ? null : parentOf(place);
    if (place === null || parent === null) return;
    this.open(parent);
    this.#selectOnceListed([place.prefix === '' ? (place.bucket ?? '') : place.prefix]);
  }

  /** Opens the folder of a search result, in this bucket or another one, and selects the object there. */
  showInFolder(key: string, bucket = this.place?.bucket ?? null): void {
    const { place } = this;
    if (place !== null && bucket !== null) this.showIn({ ...place, bucket, prefix: folderOf(key) }, [idOfKey(key)]);
  }

  /** Opens a folder, of any account, and selects these rows of it. */
  showIn(folder: FolderRef, ids: readonly string[]): void {
    this.endSearch();
    this.open(folder);
    if (this.list !== null) this.list.filter = '';
    this.#selectOnceListed(ids);
  }

  /**
   * Goes to a typed address. Without a trailing slash it may be a folder or an object: OSS is asked, and an object is
   * selected in its folder. False if the text isn't an address.
   */
  async goTo(text: string): Promise<boolean> {
    const address = readAddress(text);
    const { place } = this;
    if (address === null || place === null) return false;
    const { bucket, key } = address;
    if (bucket === null || key === '' || key.endsWith('/')) {
      this.open({ ...place, bucket, prefix: key });
      return true;
    }
    const asked = { accountId: place.accountId, bucket, prefix: key, pageToken: null };
    await this.#going.ask(
      () => this.#call('objects.list', asked),
      ({ objects }) => {
        const isObject = objects.some((object) => object.key === key);
        this.open({ ...place, bucket, prefix: isObject ? key.slice(0, key.lastIndexOf('/') + 1) : withSlash(key) });
        if (isObject) this.#selectOnceListed([idOfKey(key)]);
      },
    );
    return true;
  }

  /** A refresh that the user requested, so a list of many pages is reloaded in full, not only its first pages. */
  refresh(): void {
    const { list } = this;
    if (list === null) void this.buckets.refresh();
    else if (list.isLong) void list.reload();
    else void list.refresh();
  }

  /** Loads the rest of the list and selects all of it, unless another list is shown by then. */
  async selectAll(): Promise<void> {
    const { list } = this;
    if (list === null) return;
    await list.loadAll();
    if (this.list === list && !list.hasMore) this.selection.all(list.rows);
  }

  /** After accounts were added, changed or removed. The place shown stays unless its account is gone. */
  followAccounts(): void {
    const { current } = this.#accounts;
    const isThere = (place: Place) => this.#accounts.get(place.accountId) !== null;
    this.#history.keep(isThere);
    if (this.place !== null && isThere(this.place)) return;
    this.cancelAddress();
    this.place = null;
    this.list?.close();
    this.#searched = null;
    this.list = null;
    this.selection.clear();
    void this.buckets.open(null);
    this.visited.emit(null);
    if (current !== null) this.openAccount(current);
  }

  /** Call when a bucket was created or deleted. */
  bucketsChanged(accountId: string): void {
    if (accountId === this.buckets.accountId) void this.buckets.refresh();
  }

  /** Call when something below this prefix changed. */
  objectsChanged(changed: { readonly accountId: string; readonly bucket: string; readonly prefix: string }): void {
    const { place, list } = this;
    if (list === null || place?.accountId !== changed.accountId || place.bucket !== changed.bucket) return;
    const concerned = changed.prefix.startsWith(place.prefix) || place.prefix.startsWith(changed.prefix);
    if (!concerned) return;
    this.changed.emit();
    void list.refresh();
  }

  /** Selects rows of the list just opened, and deselects what none of the pages loaded for the first brings. */
  #selectOnceListed(ids: readonly string[]): void {
    this.selection.selectThese(ids);
    void this.list?.loadUntil(ids[0] ?? null);
  }

  #makeList(folder: FolderRef, search: Search | null): ObjectList {
    const list = new ObjectList(folder, this.#call, { search, versions: this.showsVersions });
    list.onRowsGone = () => {
      if (this.list === list) this.selection.keepShown(list.rows);
    };
    return list;
  }

  /** The visit to return to later; null before the first place. */
  #visit(): Visit | null {
    const { place, selection } = this;
    if (place === null) return null;
    return { place, list: this.#searched ?? this.list, selected: selection.ids, cursor: selection.cursor };
  }

  #return(visit: Visit | null): void {
    if (visit === null) return;
    this.#show(visit.place, visit.list);
    this.selection.restore(visit.selected, visit.cursor);
    if (visit.list === null) void this.list?.loadUntil(visit.cursor);
  }

  #show(place: Place, kept: ObjectList | null = null): void {
    this.leaveLinks();
    this.cancelAddress();
    this.place = place;
    this.#accounts.currentId = place.accountId;
    this.list?.close();
    this.#searched = null;
    this.selection.clear();
    this.selection.cursor = null;
    if (this.buckets.accountId !== place.accountId) void this.buckets.open(place.accountId);
    const { accountId, bucket, prefix } = place;
    const list = kept?.showsVersions === this.showsVersions ? kept : null;
    this.list = bucket === null ? null : (list ?? this.#makeList({ accountId, bucket, prefix }, null));
    this.list?.reopen();
    this.visited.emit(place);
  }
}
