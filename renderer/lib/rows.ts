import type { ObjectEntry, ObjectHead, ObjectPage, ObjectVersion, VersionsPage } from '../../main/contract/contract.ts';

/**
 * One row of the list. `id` is what no other row of the list has: the prefix of a folder, and see idOfKey(). There may be a million
 * of them: a row has only what is shown, and less than 200 bytes with its key.
 */
export type Row = FolderRow | ObjectRow | VersionRow;

/** How far restoring is. */
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
  /** Only of what is being restored, or was. */
  readonly restore?: Restore;
  /** Of the current version, where versions are shown. */
  readonly versionId?: string;
}

/** A version that is not what its key gives now: an older one, or a delete marker. */
export interface VersionRow extends Omit<ObjectRow, 'kind'> {
  readonly kind: 'version';
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly isLatest: boolean;
}

/** Marks the ID of an object whose key ends with a slash, as a prefix does. No text has this character. */
const objectMark = '\uffff';
/** Stands between the key and the version ID of a version: half a character, which is in no text that comes as UTF-8. */
const versionMark = '\udfff';

/** The ID of the row of an object. */
export function idOfKey(key: string): string {
  return key.endsWith('/') ? `${key}${objectMark}` : key;
}

/** Whether the row is a folder's. */
export function isPrefixId(id: string): boolean {
  return id.endsWith('/');
}

/** Whether the row is that of a version which is not the current one, or of a delete marker. */
export function isVersionId(id: string): boolean {
  return id.includes(versionMark);
}

/** The key or the prefix of a row. */
export function pathOf(id: string): string {
  const end = id.indexOf(versionMark);
  if (end !== -1) return id.slice(0, end);
  return id.endsWith(objectMark) ? id.slice(0, -1) : id;
}

/** What a row is called in the list of what is below `parent`. */
export function nameOf({ kind, id }: Row, parent: string): string {
  return kind === 'folder' ? id.slice(parent.length, -1) : pathOf(id).slice(parent.length);
}

/** The rows of a page: folders, and objects without the empty one that stands for the folder itself. */
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

/** The rows of a page of versions: what is current is an object as in any list. */
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

/** One text for all rows that have the same: each page brings a copy for every row. */
function only(storageClass: string): string {
  const known = storageClasses.get(storageClass) ?? storageClass;
  storageClasses.set(known, known);
  return known;
}

const restores = new Map<string, Restore>();

/** The same for restoring, which ends at midnight for all that were asked for on one day. */
function onlyRestore(restore: Restore): Restore {
  const name = restore.at === 'ongoing' ? '' : String(restore.until);
  const known = restores.get(name) ?? restore;
  restores.set(name, known);
  return known;
}
