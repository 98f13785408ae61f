import type { ObjectEntry } from '../../preload/contract.ts';

/** One row of the list. `id` is the prefix or the key, which no other row of the list has. */
export type Row =
  | { readonly kind: 'folder'; readonly id: string; readonly name: string }
  | { readonly kind: 'object'; readonly id: string; readonly name: string; readonly object: ObjectEntry };

export type SortColumn = 'name' | 'size' | 'modified' | 'storage-class';

export interface Sort {
  readonly by: SortColumn;
  readonly descending: boolean;
}

export function toFolderRow(prefix: string, parent: string): Row {
  return { kind: 'folder', id: prefix, name: prefix.slice(parent.length, -1) };
}

export function toObjectRow(object: ObjectEntry, parent: string): Row {
  return { kind: 'object', id: object.key, name: object.key.slice(parent.length), object };
}

const byName = new Intl.Collator(undefined, { numeric: true });

type Compare = (one: ObjectEntry, other: ObjectEntry) => number;

const compareBy: Record<Exclude<SortColumn, 'name'>, Compare> = {
  size: (one, other) => one.sizeBytes - other.sizeBytes,
  modified: (one, other) => one.lastModified - other.lastModified,
  'storage-class': (one, other) => byName.compare(one.storageClass, other.storageClass),
};

/** Folders first, each kind sorted. Folders have a name only, so another column leaves them sorted by that. */
export function sortRows(rows: readonly Row[], sort: Sort): readonly Row[] {
  const sign = sort.descending ? -1 : 1;
  const folders = rows.filter((row) => row.kind === 'folder');
  const objects = rows.filter((row) => row.kind === 'object');
  if (sort.by === 'name') {
    folders.sort((one, other) => sign * byName.compare(one.name, other.name));
    objects.sort((one, other) => sign * byName.compare(one.name, other.name));
  } else {
    const compare = compareBy[sort.by];
    folders.sort((one, other) => byName.compare(one.name, other.name));
    objects.sort((one, other) => sign * compare(one.object, other.object) || byName.compare(one.name, other.name));
  }
  return [...folders, ...objects];
}
