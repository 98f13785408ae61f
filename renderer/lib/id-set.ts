/** A set of IDs that is replaced, never changed, so that Svelte sees each new one. */
export type IdSet = ReadonlySet<string>;

export function toIdSet(ids: Iterable<string>): IdSet {
  return new Set(ids);
}

/** Toggles the ID. */
export function withToggled(ids: IdSet, id: string): IdSet {
  return ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : new Set([...ids, id]);
}
