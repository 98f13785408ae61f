// Names for files on this device: a path on the page is the sender's, and comes from keys that hold any text.

/** Names that Windows keeps for devices. */
const devices = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Characters that some file system refuses, or that make a name look like another. */
const refused = /[<>:"/\\|?*\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const MAX_NAME_LENGTH = 200;

/** A name that every file system takes. */
export function safeName(name: string): string {
  const plain = name.replace(refused, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const named = devices.test(plain) ? `_${plain}` : plain;
  return cut(named === '' ? '_' : named);
}

/** The safe names of the folders in a path. */
export function safeFolders(folder: string): readonly string[] {
  return folder
    .split(/[/\\]/)
    .filter((name) => name !== '')
    .map(safeName);
}

/** A name with a number before its extension: `a (2).txt`. */
export function numbered(name: string, number: number): string {
  if (number < 2) return name;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return `${stem} (${number})${name.slice(stem.length)}`;
}

/** Shortens the stem, so that the file keeps its kind. */
function cut(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  return name.slice(0, MAX_NAME_LENGTH - extension.length).replace(/[\uD800-\uDBFF]$/, '') + extension;
}
