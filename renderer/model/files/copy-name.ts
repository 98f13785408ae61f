/** The extension of a file, with its dot: as short as people's, and with `.tar` where that belongs to it. */
const extensionOf = /(?:\.tar)?\.[^. ]{1,16}$/i;

/** A name taken apart: `word` stands between its base and its number. */
interface CopyName {
  readonly base: string;
  readonly extension: string;
}

/**
 * The start that all names of copies of this file or folder share: `report copy`, also for a copy of `report copy 2.pdf`.
 * `word`: what the language writes behind a name, such as ` copy`.
 */
export function copyStem(name: string, isFolder: boolean, word: string): string {
  return partsOf(name, isFolder, word).base + word;
}

/** A name for a copy that isn't taken: `report copy.pdf`, then `report copy 2.pdf`. */
export function copyName(
  name: string,
  { isFolder, word, isTaken }: { isFolder: boolean; word: string; isTaken: (name: string) => boolean },
): string {
  const { base, extension } = partsOf(name, isFolder, word);
  for (let number = 1; ; number += 1) {
    const candidate = `${base}${word}${number === 1 ? '' : ` ${number}`}${extension}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function partsOf(name: string, isFolder: boolean, word: string): CopyName {
  const [found = ''] = isFolder ? [] : (extensionOf.exec(name) ?? []);
  // A dot file is all name, without an extension.
  const extension = found === name ? '' : found;
  const whole = name.slice(0, name.length - extension.length);
  const at = whole.lastIndexOf(word);
  const isCopy = at > 0 && /^(?: \d{1,6})?$/.test(whole.slice(at + word.length));
  return { base: isCopy ? whole.slice(0, at) : whole, extension };
}
