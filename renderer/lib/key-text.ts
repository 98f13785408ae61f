/** Control and format characters: they would draw nothing, or turn the rest of the line round. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * One segment of a key as it can be read: what draws nothing is shown as a symbol, blanks at either end as ␣, and a
 * segment that is empty (two slashes in a row) as a slash.
 */
export function visibleSegment(segment: string): string {
  if (segment === '') return '/';
  return segment.replace(unseen, symbolOf).replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
}

/** A key with all its segments as they can be read. */
export function visiblePath(key: string): string {
  return key
    .split('/')
    .map((segment) => segment.replace(unseen, symbolOf))
    .join('/');
}

function symbolOf(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The last segment of a key, or of a prefix without its slash. */
export function lastSegment(keyOrPrefix: string): string {
  const path = keyOrPrefix.endsWith('/') ? keyOrPrefix.slice(0, -1) : keyOrPrefix;
  return path.slice(path.lastIndexOf('/') + 1);
}
