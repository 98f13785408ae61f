/** A pause of this many milliseconds starts a new name. */
const pauseMs = 1000;

/** Finds rows by the beginning of their names while it is typed, as file managers do. */
export class TypeAhead {
  #text = '';
  #typedAt = -Infinity;

  /** Whether a name is being typed: a space is part of it then. */
  isTyping(timeStamp: number): boolean {
    return timeStamp - this.#typedAt <= pauseMs;
  }

  /**
   * The index of the row that the name typed so far leads to, from the cursor on and round again; -1 for none. A single
   * letter, and the same letter again and again, go to the next name that starts with it.
   */
  type(character: string, timeStamp: number, names: Names, cursor: number): number {
    this.#text = (this.isTyping(timeStamp) ? this.#text : '') + character.toLowerCase();
    this.#typedAt = timeStamp;
    const isOne = this.#text.length === character.length;
    const found = find(this.#text, names, isOne ? cursor + 1 : Math.max(0, cursor));
    if (found !== -1 || this.#text !== character.toLowerCase().repeat(this.#text.length)) return found;
    return find(character.toLowerCase(), names, cursor + 1);
  }
}

/** The names of a list by index. They aren't an array: a list may have a million rows. */
interface Names {
  readonly count: number;
  readonly nameAt: (index: number) => string;
}

function find(text: string, { count, nameAt }: Names, start: number): number {
  for (let step = 0; step < count; step += 1) {
    const index = (start + step) % count;
    if (nameAt(index).slice(0, text.length).toLowerCase() === text) return index;
  }
  return -1;
}
