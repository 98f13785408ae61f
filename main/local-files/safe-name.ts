import filenamify from 'filenamify';

/** File systems allow 255 bytes (or UTF-16 units). The rest is reserved for a number and the part file's affixes. */
const MAX_NAME_BYTES = 220;

const loneSurrogate = /\p{Surrogate}/gu;

/**
 * Returns a path segment that is valid on every system: no separators, reserved names or characters, trailing dots or
 * bidirectional controls, and at most 220 bytes of UTF-8. Never empty, `.` or `..`. What is not allowed becomes `_`, so
 * that `gpj.exe` after a control that reverses the reading direction shows as `_gpj.exe`, not as `exe.jpg`.
 */
export function safeName(name: string): string {
  const safe = filenamify(name.replace(loneSurrogate, '_'), { replacement: '_', maxLength: MAX_NAME_BYTES });
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
