// The names under which files are stored. OSS's rules: at most 1,023 bytes of UTF-8.

const mostKeyBytes = 1023;
/** What a key leaves for the name of a file after its prefix and what makes it unique. */
const mostNameBytes = 255;

const utf8 = new TextEncoder();

/**
 * A name that every system and program takes: no controls, separators or reserved signs, no invisible marks that turn the
 * direction of text, no dots or blanks at its ends; at most 255 bytes, with its extension kept.
 */
export function cleanName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\\/:*?"<>|$]/gu, '_')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/^[ .]+|[ .]+$/gu, '');
  const dot = cleaned.lastIndexOf('.');
  const extension = dot > 0 && utf8.encode(cleaned.slice(dot)).length <= 20 ? cleaned.slice(dot) : '';
  const stem = cleaned.slice(0, cleaned.length - extension.length);
  const cut = cutTo(stem, mostNameBytes - utf8.encode(extension).length) + extension;
  return cut === '' ? 'file' : cut;
}

/** The beginning of a text, at most so many bytes of UTF-8. */
function cutTo(text: string, bytes: number): string {
  let left = bytes;
  let cut = '';
  for (const character of text) {
    left -= utf8.encode(character).length;
    if (left < 0) break;
    cut += character;
  }
  return cut;
}

/**
 * A beginning that no other visit has: the time in base 36, so that keys sort by it, and random characters. With
 * x-oss-forbid-overwrite, a key that is taken then means that an earlier attempt of this page stored it.
 */
export function uniqueStart(now = Date.now(), random = crypto.getRandomValues(new Uint32Array(2))): string {
  const characters = [...random].map((value) => value.toString(36).padStart(7, '0').slice(-7)).join('');
  return `${now.toString(36).padStart(9, '0')}-${characters.slice(0, 12)}`;
}

/** Makes keys below a prefix, each one once. */
export class PrefixKeys {
  readonly #prefix: string;
  readonly #made = new Set<string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * `prefix` + time and random + name. What lies in a folder keeps its place in it, and has what makes it unique before
   * the folder's name: a folder stays one folder. `start` is the same for all that was dropped together.
   */
  make(path: string, start: string): string {
    const names = path.split('/').map(cleanName);
    // Deeper folders than a key has room for: the innermost stay.
    while (names.length > 1 && this.#bytes(`${start}-${names.join('/')}`) > mostKeyBytes) names.shift();
    const stem = `${this.#prefix}${start}-${names.join('/')}`;
    let key = stem;
    // Cleaned, two names may be one.
    for (let count = 2; this.#made.has(key); count += 1) key = `${stem}-${count}`;
    this.#made.add(key);
    return key;
  }

  #bytes(rest: string): number {
    return utf8.encode(this.#prefix + rest).length;
  }
}

/** Hands out keys that each take one file. */
export class SlotKeys {
  readonly #keys: readonly string[];
  #next = 0;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  /** The next key that this page hasn't tried; null when there is none. */
  take(): string | null {
    const key = this.#keys[this.#next] ?? null;
    this.#next += 1;
    return key;
  }
}
