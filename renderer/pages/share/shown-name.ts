// Names as they are shown. A key holds any text: what would change the order or the look of the rest is written as its code.

const hidden = /[\p{Control}\p{Zl}\p{Zp}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name whose every character shows. */
export function shownName(name: string): string {
  return name.replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
