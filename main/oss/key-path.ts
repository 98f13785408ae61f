/*
 * Keys read as paths. OSS itself has no folders: a slash is a character like any other, and a "folder" is a prefix that
 * ends in one.
 */

/** The prefix up to and including the last slash: `a/` of `a/b`, `a/b/` of `a/b/`, and '' of `b`. */
export function folderPrefix(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** The prefix one level up, for a key or a folder alike: `a/` of `a/b` and of `a/b/`. Empty at the top of a bucket. */
export function parentPrefix(key: string): string {
  // lastIndexOf() takes a negative position as 0, where a key may have a slash.
  return key.length < 2 ? '' : key.slice(0, key.lastIndexOf('/', key.length - 2) + 1);
}

/** What follows the last slash: `b` of `a/b`, and '' of `a/b/`. */
export function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The longest prefix that all `prefixes` begin with and that is the first of them, or a folder above it. */
export function commonPrefix(prefixes: readonly string[]): string {
  const [first = '', ...others] = prefixes;
  let common = first;
  for (const other of others) {
    while (!other.startsWith(common)) common = parentPrefix(common);
  }
  return common;
}
