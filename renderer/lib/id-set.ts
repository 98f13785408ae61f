/** A set of IDs that is replaced, never changed, so that Svelte sees each new one. */
export type IdSet = ReadonlySet<string>;

export function toIdSet(ids: Iterable<string>): IdSet {
  return new Set(ids);
}

/** With this ID if it was missing, without it otherwise. */
export function withToggled(ids: IdSet, id: string): IdSet {
  return ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : new Set([...ids, id]);
}
