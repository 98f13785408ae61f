import filenamify from 'filenamify';

/** File systems allow 255 bytes (or UTF-16 units); the rest is for a number and the name of the temporary file. */
const MAX_NAME_BYTES = 220;

/** Would turn the reading order around: `gpj.exe` shown as `exe.jpg`. filenamify removes most of them, these stay visible. */
const directionControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const loneSurrogate = /\p{Surrogate}/gu;

/**
 * One path segment that every system takes as a file name: no separator, reserved name or character, trailing dot,
 * control of the writing direction; at most 220 bytes of UTF-8. Never empty, `.` or `..`.
 */
export function safeName(name: string): string {
  const visible = name.replace(loneSurrogate, '_').replace(directionControls, '_');
  const safe = filenamify(visible, { replacement: '_', maxLength: MAX_NAME_BYTES });
  const short = cutToBytes(safe === '' ? '_' : safe, MAX_NAME_BYTES).replace(/[. ]+$/, '');
  return short === '' ? '_' : short;
}

/** `name (2).ext`; the extension of a compressed archive has two parts. */
export function numberedName(name: string, number: number): string {
  const [extension = ''] = /(\.tar)?\.[^. ]{1,16}$/i.exec(name) ?? [];
  const base = name.slice(0, name.length - extension.length);
  // A dot file has a name and no extension.
  return base === '' ? `${name} (${number})` : `${base} (${number})${extension}`;
}

/** Cuts the base, between characters as people see them, and keeps the extension. */
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
