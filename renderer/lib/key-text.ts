/** Control and format characters: invisible, or they reverse the rest of the line. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * A readable segment of a key: invisible characters become symbols, spaces at either end become ␣, and an empty
 * segment (two slashes in a row) becomes a slash.
 */
export function visibleSegment(segment: string): string {
  if (segment === '') return '/';
  return segment.replace(unseen, symbolOf).replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
}

/** A key with readable segments. */
export function visiblePath(key: string): string {
  return key
    .split('/')
    .map((segment) => segment.replace(unseen, symbolOf))
    .join('/');
}

function symbolOf(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** What a file is called: the last segment of its key that isn't empty, or the key where all are. */
export function fileNameOfKey(key: string): string {
  return key.split('/').findLast((segment) => segment !== '') ?? key;
}

/** The last segment of a key, or of a prefix without its slash. */
export function lastSegment(keyOrPrefix: string): string {
  const path = keyOrPrefix.endsWith('/') ? keyOrPrefix.slice(0, -1) : keyOrPrefix;
  return path.slice(path.lastIndexOf('/') + 1);
}
