/** Characters that would draw nothing, or turn the rest of the line round. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * One segment of a key as it can be read: what draws nothing is shown as a symbol, blanks at either end as ␣, and a
 * segment that is empty (two slashes in a row) as a slash.
 */
export function visibleSegment(segment: string): string {
  if (segment === '') return '/';
  return segment.replace(unseen, symbolOf).replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
}

function symbolOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The last segment of a key, or of a prefix without its slash. */
export function lastSegment(keyOrPrefix: string): string {
  const path = keyOrPrefix.endsWith('/') ? keyOrPrefix.slice(0, -1) : keyOrPrefix;
  return path.slice(path.lastIndexOf('/') + 1);
}
