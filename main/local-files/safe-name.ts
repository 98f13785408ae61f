import filenamify from 'filenamify';

/** File systems allow 255 bytes (or UTF-16 units). The rest is reserved for a number and the part file's affixes. */
const MAX_NAME_BYTES = 220;

/**
 * Characters that reverse the reading direction, so that `gpj.exe` shows as `exe.jpg`. filenamify would drop most of
 * them silently; `_` shows that something was there.
 */
const directionControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const loneSurrogate = /\p{Surrogate}/gu;

/**
 * Returns a path segment that is valid on every system: no separators, reserved names or characters, trailing dots or
 * bidirectional controls, and at most 220 bytes of UTF-8. Never empty, `.` or `..`.
 */
export function safeName(name: string): string {
  const visible = name.replace(loneSurrogate, '_').replace(directionControls, '_');
  const safe = filenamify(visible, { replacement: '_', maxLength: MAX_NAME_BYTES });
  const short = cutToBytes(safe === '' ? '_' : safe, MAX_NAME_BYTES).replace(/[. ]+$/, '');
  return short === '' ? '_' : short;
}

/** Returns `name (2).ext`. `.tar.gz` and the like count as one extension. */
export function numberedName(name: string, number: number): string {
  const [extension = ''] = /(\.tar)?\.[^. ]{1,16}$/i.exec(name) ?? [];
  const base = name.slice(0, name.length - extension.length);
  // A dot file is all name, without an extension.
  return base === '' ? `${name} (${number})` : `${base} (${number})${extension}`;
}

/** Truncates the base at a grapheme boundary, and keeps the extension. */
function cutToBytes(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const [extension = ''] = /\.[^. ]{1,16}$/.exec(name) ?? [];
  const room = maxBytes - Buffer.byteLength(extension);
  let base = '';
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, name.length - extension.length))) {
    length += Buffer.byteLength(segment);
    if (length > room) break;
    base += segment;
  }
  return base + extension;
}
