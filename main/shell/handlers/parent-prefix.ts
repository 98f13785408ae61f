/** The folder that a key or a prefix is in; empty at the top of a bucket. */
export function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/', key.length - 2) + 1);
}
