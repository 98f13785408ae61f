import type { Transfer } from '../../../main/contract/contract.ts';

/** The transfers that main reports for expanded folders. */
export class OpenFolders {
  readonly #parts = new Map<string, Set<string>>();

  /** True if the transfer is new. */
  put({ id, folderId }: Transfer): boolean {
    if (folderId === null) return false;
    const parts = this.#parts.get(folderId) ?? new Set();
    this.#parts.set(folderId, parts);
    const isNew = !parts.has(id);
    parts.add(id);
    return isNew;
  }

  /** True if the transfer was known. */
  drop({ id, folderId }: Transfer): boolean {
    return folderId !== null && this.#parts.get(folderId)?.delete(id) === true;
  }

  /** Removes all transfers and returns their IDs. */
  clear(): readonly string[] {
    const ids = [...this.#parts.values()].flatMap((parts) => [...parts]);
    this.#parts.clear();
    return ids;
  }

  /** Each ID, followed by the IDs of what its folder contains. */
  unfold(ids: readonly string[]): readonly string[] {
    return this.#parts.size === 0 ? ids : ids.flatMap((id) => [id, ...(this.#parts.get(id) ?? [])]);
  }
}
