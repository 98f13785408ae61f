/** Indexes in a list. A set is replaced rather than changed, so that Svelte notices. */
export type Places = ReadonlySet<number>;

/** Those indexes of a list that `isChosen`. */
export function placesIn(list: readonly unknown[], isChosen: (place: number) => boolean): Places {
  return new Set([...list.keys()].filter(isChosen));
}

/** Adds or removes these indexes. */
export function withPlaces(chosen: Places, places: readonly number[], wanted: boolean): Places {
  const result = new Set(chosen);
  for (const place of places) {
    if (wanted) result.add(place);
    else result.delete(place);
  }
  return result;
}

/** Maps each key to the value at the same index. */
export function pairUp<K, V>(keys: readonly K[], values: readonly V[]): ReadonlyMap<K, V> {
  return new Map(keys.slice(0, values.length).map((key, index) => [key, values[index] as V]));
}
