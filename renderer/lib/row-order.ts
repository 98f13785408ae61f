import { kindOrderOf } from './file-kind.ts';
import { nameOf, pathOf, type Row } from './rows.ts';

export type SortColumn = 'name' | 'size' | 'modified' | 'kind' | 'storage-class';

export interface Sort {
  readonly by: SortColumn;
  readonly descending: boolean;
}

/** The rows of a list, each kind in the order of OSS: by the bytes of their keys. */
export interface LoadedRows {
  readonly folders: readonly Row[];
  readonly objects: readonly Row[];
}

/**
 * Above this number, names keep the order of OSS: sorting a million names by locale would block the window for ten
 * seconds.
 */
const mostByName = 20_000;

const byName = new Intl.Collator(undefined, { numeric: true });

/** Folders first, each kind sorted. Folders have only a name, so other columns sort them by name. */
export function sortRows({ folders, objects }: LoadedRows, sort: Sort, parent: string): readonly Row[] {
  if (sort.by !== 'name') return [...named(folders, parent), ...byValue(named(objects, parent), sort)];
  return [...turned(named(folders, parent), sort), ...turned(named(objects, parent), sort)];
}

/** The rows whose name contains the text, ignoring case. */
export function filterRows(rows: readonly Row[], filter: string, parent: string): readonly Row[] {
  const wanted = filter.trim();
  if (wanted === '') return rows;
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu');
  return rows.filter((row) => pattern.test(nameOf(row, parent)));
}

function named(rows: readonly Row[], parent: string): readonly Row[] {
  if (rows.length > mostByName) return rows;
  return rows
    .map((row) => ({ row, name: nameOf(row, parent) }))
    .sort((one, other) => byName.compare(one.name, other.name))
    .map(({ row }) => row);
}

function turned(rows: readonly Row[], { descending }: Sort): readonly Row[] {
  return descending ? rows.toReversed() : rows;
}

type ValueColumn = Exclude<SortColumn, 'name' | 'kind'>;

/** Equal values keep the order of the names. */
function byValue(objects: readonly Row[], { by, descending }: Sort): readonly Row[] {
  const sign = descending ? -1 : 1;
  if (by === 'kind') {
    return objects
      .map((row) => ({ row, kind: kindOrderOf(pathOf(row.id)) }))
      .sort((one, other) => sign * (one.kind < other.kind ? -1 : Number(one.kind > other.kind)))
      .map(({ row }) => row);
  }
  return objects.toSorted((one, other) => sign * compareBy(by as ValueColumn, one, other));
}

function compareBy(by: ValueColumn, one: Row, other: Row): number {
  if (one.kind === 'folder' || other.kind === 'folder') return 0;
  switch (by) {
    case 'size':
      return one.sizeBytes - other.sizeBytes;
    case 'modified':
      return one.lastModified - other.lastModified;
    case 'storage-class':
      return byName.compare(one.storageClass, other.storageClass);
    default:
      return by satisfies never;
  }
}

/**
 * Compares strings by their UTF-8 bytes, the order of a listing. JavaScript compares UTF-16 units, which puts
 * characters above U+FFFF before those from U+E000 on.
 */
export function compareUtf8(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return one.length - other.length;
}

/** Ranks surrogates last. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
