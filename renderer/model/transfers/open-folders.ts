import type { Transfer } from '../../../main/contract/contract.ts';

/** What main tells of folders that are open. */
export class OpenFolders {
  readonly #parts = new Map<string, Set<string>>();

  /** True if the part was not known. */
  put({ id, folderId }: Transfer): boolean {
    if (folderId === null) return false;
    const parts = this.#parts.get(folderId) ?? new Set();
    this.#parts.set(folderId, parts);
    const isNew = !parts.has(id);
    parts.add(id);
    return isNew;
  }

  /** True if the part was known. */
  drop({ id, folderId }: Transfer): boolean {
    return folderId !== null && this.#parts.get(folderId)?.delete(id) === true;
  }

  /** Forgets all parts, and gives their IDs. */
  clear(): readonly string[] {
    const ids = [...this.#parts.values()].flatMap((parts) => [...parts]);
    this.#parts.clear();
    return ids;
  }

  /** The IDs with what is in each folder behind it. */
  unfold(ids: readonly string[]): readonly string[] {
    return this.#parts.size === 0 ? ids : ids.flatMap((id) => [id, ...(this.#parts.get(id) ?? [])]);
  }
}
