import type { ObjectEntry, ObjectHead, ObjectPage, ObjectVersion, VersionsPage } from '../../main/contract/contract.ts';

/**
 * One row of the list. `id` is unique in the list: the prefix of a folder, or see idOfKey(). A list may have a million
 * rows, so a row holds only what is shown: less than 200 bytes with its key.
 */
export type Row = FolderRow | ObjectRow | VersionRow;

/** The state of a restore. */
type Restore = NonNullable<ObjectHead['restore']>;

interface FolderRow {
  readonly kind: 'folder';
  readonly id: string;
}

interface ObjectRow {
  readonly kind: 'object';
  readonly id: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly storageClass: string;
  /** Only for an object that is being restored, or was. */
  readonly restore?: Restore;
  /** The ID of the current version, if versions are shown. */
  readonly versionId?: string;
}

/** A version that isn't current, or a delete marker. */
export interface VersionRow extends Omit<ObjectRow, 'kind'> {
  readonly kind: 'version';
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly isLatest: boolean;
}

/** Marks the ID of an object whose key ends with a slash, as a prefix does. No text contains this noncharacter. */
const objectMark = '\uffff';
/** Separates the key and the version ID: a lone surrogate, which UTF-8 can't contain. */
const versionMark = '\udfff';

/** The ID of the row of an object. */
export function idOfKey(key: string): string {
  return key.endsWith('/') ? `${key}${objectMark}` : key;
}

/** Whether the ID belongs to a folder. */
export function isPrefixId(id: string): boolean {
  return id.endsWith('/');
}

/** Whether the ID belongs to a version that isn't current, or to a delete marker. */
export function isVersionId(id: string): boolean {
  return id.includes(versionMark);
}

/** The key or the prefix of a row. */
export function pathOf(id: string): string {
  const end = id.indexOf(versionMark);
  if (end !== -1) return id.slice(0, end);
  return id.endsWith(objectMark) ? id.slice(0, -1) : id;
}

/** The name of a row in the listing of `parent`. */
export function nameOf({ kind, id }: Row, parent: string): string {
  return kind === 'folder' ? id.slice(parent.length, -1) : pathOf(id).slice(parent.length);
}

/** The rows of a page: folders, and objects without the empty one that represents the folder. */
export function toRows(page: ObjectPage, parent: string): { readonly folders: Row[]; readonly objects: Row[] } {
  return {
    folders: page.prefixes.map((prefix): Row => ({ kind: 'folder', id: prefix })),
    objects: page.objects.filter(({ key, sizeBytes }) => key !== parent || sizeBytes > 0).map(toObjectRow),
  };
}

function toObjectRow({
  key,
  sizeBytes,
  lastModified,
  storageClass,
  restore,
}: Pick<ObjectEntry, 'key' | 'sizeBytes' | 'lastModified' | 'storageClass' | 'restore'>): ObjectRow {
  const row = { kind: 'object', id: idOfKey(key), sizeBytes, lastModified, storageClass: only(storageClass) } as const;
  return restore === undefined ? row : { ...row, restore: onlyRestore(restore) };
}

/** The rows of a page of versions: a current version is an object, as in other lists. */
export function toVersionRows(
  page: VersionsPage,
  parent: string,
): { readonly folders: Row[]; readonly objects: Row[] } {
  return {
    folders: page.prefixes.map((prefix): Row => ({ kind: 'folder', id: prefix })),
    objects: page.versions.filter(({ key, sizeBytes }) => key !== parent || sizeBytes > 0).map(toVersionRow),
  };
}

function toVersionRow(version: ObjectVersion): Row {
  const { key, versionId, isLatest, deleteMarker } = version;
  if (isLatest && !deleteMarker) return { ...toObjectRow(version), versionId };
  const id = `${key}${versionMark}${versionId}`;
  return { ...toObjectRow(version), kind: 'version', id, versionId, isLatest, deleteMarker };
}

const storageClasses = new Map<string, string>();

/** Shares equal strings between rows: each page brings a copy for every row. */
function only(storageClass: string): string {
  const known = storageClasses.get(storageClass) ?? storageClass;
  storageClasses.set(known, known);
  return known;
}

const restores = new Map<string, Restore>();

/** Shares equal restore states: restores requested on one day expire at the same midnight. */
function onlyRestore(restore: Restore): Restore {
  const name = restore.at === 'ongoing' ? '' : String(restore.until);
  const known = restores.get(name) ?? restore;
  restores.set(name, known);
  return known;
}
