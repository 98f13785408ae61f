import type { SharedFile } from './share-data.ts';

/** What the list is sorted by. */
export type SortKey = 'name' | 'size' | 'modified';

/** The files that are shown, in order, and those that are chosen among all. */
export class Choice {
  readonly #files: readonly SharedFile[];
  readonly #chosen = new Set<SharedFile>();
  readonly #collator: Intl.Collator;
  readonly #searched: readonly string[];
  #shown: readonly SharedFile[];
  #query = '';
  #sort: { readonly key: SortKey; readonly descending: boolean } = { key: 'name', descending: false };
  /** Where a range of choices begins. */
  #anchor: SharedFile | null = null;

  constructor(files: readonly SharedFile[], language: string) {
    this.#files = files;
    this.#collator = new Intl.Collator(language, { numeric: true });
    this.#searched = files.map(({ folder, name }) => (folder + name).toLocaleLowerCase());
    this.#shown = this.#select();
  }

  /** The files that match the search, in order. */
  get shown(): readonly SharedFile[] {
    return this.#shown;
  }

  get query(): string {
    return this.#query;
  }

  get sort(): { readonly key: SortKey; readonly descending: boolean } {
    return this.#sort;
  }

  /** How many are chosen, shown or not. */
  get count(): number {
    return this.#chosen.size;
  }

  /** What a command is for: the chosen files, or all that are shown, in the order of the list. */
  get wanted(): readonly SharedFile[] {
    if (this.#chosen.size === 0) return this.#shown;
    return this.#order(this.#files.filter((file) => this.#chosen.has(file)));
  }

  isChosen(file: SharedFile): boolean {
    return this.#chosen.has(file);
  }

  /** Whether all, some or none of the shown files are chosen. */
  get state(): 'all' | 'some' | 'none' {
    const count = this.#shown.filter((file) => this.#chosen.has(file)).length;
    if (count === 0) return 'none';
    return count === this.#shown.length ? 'all' : 'some';
  }

  /** Words in any order, each anywhere in a path. */
  search(query: string): void {
    this.#query = query.trim();
    this.#shown = this.#select();
  }

  /** Sorts by a column, and the other way round if it is sorted by that already. */
  sortBy(key: SortKey): void {
    // The newest and the largest are what one looks for first.
    const descending = this.#sort.key === key ? !this.#sort.descending : key !== 'name';
    this.#sort = { key, descending };
    this.#shown = this.#order(this.#shown);
  }

  /** Chooses a file or not; `toAnchor`: the shown files between it and the one before, too. */
  choose(file: SharedFile, isChosen: boolean, toAnchor = false): void {
    const from = toAnchor && this.#anchor !== null ? this.#shown.indexOf(this.#anchor) : -1;
    const to = this.#shown.indexOf(file);
    const range = from === -1 ? [file] : this.#shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of range) this.#set(one, isChosen);
    this.#anchor = file;
  }

  /** Chooses all shown files or none of them. */
  chooseShown(isChosen: boolean): void {
    for (const file of this.#shown) this.#set(file, isChosen);
  }

  #set(file: SharedFile, isChosen: boolean): void {
    if (isChosen) this.#chosen.add(file);
    else this.#chosen.delete(file);
  }

  #select(): readonly SharedFile[] {
    const words = this.#query.toLocaleLowerCase().split(/\s+/);
    const matching = this.#files.filter((_, index) => words.every((word) => this.#searched[index]?.includes(word)));
    return this.#order(matching);
  }

  #order(files: readonly SharedFile[]): readonly SharedFile[] {
    const { key, descending } = this.#sort;
    const byName = (one: SharedFile, other: SharedFile): number =>
      this.#collator.compare(one.folder, other.folder) || this.#collator.compare(one.name, other.name);
    const values = { name: () => 0, size: sizeOf, modified: modifiedAtOf };
    const valueOf = values[key];
    const sign = descending ? -1 : 1;
    return [...files].sort(
      (one, other) => sign * (valueOf(one) - valueOf(other)) || (key === 'name' ? sign : 1) * byName(one, other),
    );
  }
}

function sizeOf({ sizeBytes }: SharedFile): number {
  return sizeBytes ?? -1;
}

function modifiedAtOf({ modifiedAt }: SharedFile): number {
  return modifiedAt ?? -1;
}
