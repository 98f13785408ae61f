/** A place to browse: the buckets of an account (`bucket` null), or a prefix of a bucket. */
export interface Place {
  readonly accountId: string;
  readonly bucket: string | null;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

/** One breadcrumb: a segment and the prefix that it leads to. */
export interface Crumb {
  readonly segment: string;
  readonly prefix: string;
}

/** The address of a place; `oss://` for the buckets of an account. */
export function toAddress({ bucket, prefix }: Pick<Place, 'bucket' | 'prefix'>): string {
  return bucket === null ? 'oss://' : `oss://${bucket}/${prefix}`;
}

/** Whether a text is the address of a place in OSS, with its scheme. */
export function isAddress(text: string): boolean {
  return /^oss:\/\/[^\r\n]+$/.test(text.trim()) && readAddress(text) !== null;
}

/** Parses an address; null if it is invalid. The key is kept as typed, and may lack its last slash. */
export function readAddress(text: string): { readonly bucket: string | null; readonly key: string } | null {
  const address = text.trim();
  if (address === '' || address === 'oss://') return { bucket: null, key: '' };
  const match = /^(?:oss:\/\/)?([a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/([^]*))?$/.exec(address);
  if (match === null) return null;
  const [, bucket = '', key = ''] = match;
  return { bucket, key };
}

export function toCrumbs(prefix: string): readonly Crumb[] {
  const crumbs: Crumb[] = [];
  for (let slash = prefix.indexOf('/'); slash !== -1; slash = prefix.indexOf('/', slash + 1)) {
    const parent = crumbs.at(-1)?.prefix ?? '';
    crumbs.push({ segment: prefix.slice(parent.length, slash), prefix: prefix.slice(0, slash + 1) });
  }
  return crumbs;
}

/** The parent: the folder above, the account's buckets above a bucket, and null above those. */
export function parentOf(place: Place): Place | null {
  if (place.bucket === null) return null;
  if (place.prefix === '') return { ...place, bucket: null };
  return { ...place, prefix: toCrumbs(place.prefix).at(-2)?.prefix ?? '' };
}

export function isSamePlace(one: Place | null, other: Place | null): boolean {
  return one?.accountId === other?.accountId && one?.bucket === other?.bucket && one?.prefix === other?.prefix;
}

/** The folder of a key or a prefix; empty or with a slash at its end. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}

/** Parses the address of a folder, with or without its last slash; null if it isn't one in a bucket. */
export function readFolder(text: string): { readonly bucket: string; readonly prefix: string } | null {
  const { bucket, key = '' } = readAddress(text) ?? { bucket: null };
  return bucket === null ? null : { bucket, prefix: withSlash(key) };
}

/** A typed folder as a prefix. */
export function withSlash(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
