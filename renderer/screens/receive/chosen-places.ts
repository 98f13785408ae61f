/** Places in a list, from 0. Replaced, never changed, so that Svelte sees each new one. */
export type Places = ReadonlySet<number>;

export function allPlaces(list: readonly unknown[]): Places {
  return new Set(list.keys());
}

/** With all of these places, or without them. */
export function withPlaces(chosen: Places, places: readonly number[], wanted: boolean): Places {
  const result = new Set(chosen);
  for (const place of places) {
    if (wanted) result.add(place);
    else result.delete(place);
  }
  return result;
}

/** What stands at the same position of both lists, from the first to the second. */
export function pairUp<K, V>(keys: readonly K[], values: readonly V[]): ReadonlyMap<K, V> {
  return new Map(keys.slice(0, values.length).map((key, index) => [key, values[index] as V]));
}
