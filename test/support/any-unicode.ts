import fc from 'fast-check';

/** Characters that have led out of a text before: controls, what 8 bits cut them from, bidi, quotes, formulas. */
const dangerous = [
  ...['\r', '\n', '\0', '\t', '\x0b', '\x1b', '\x7f', '\u0085', '\u009b', '\u00a0', '\u00ff', '\u010a', '\u010d'],
  ...['\u0120', '\u013a', '\u012f', '\u200b', '\u200e', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff', '\ufffd'],
  ...['\ud800', '\udfff', '\u{e0001}', '\u{1f6a2}', '\u2018', '\u2019', '\u201a', '\u201b', '\u201c', '\uff02'],
  ...["'", '"', '`', '\\', '$', '%', '!', '^', '&', '|', ';', '<', '>', '(', ')', '{', '}', '~', '#', ' ', ','],
  ...['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20', ':', '/', '.', '*', '?', '[', ']'],
];

const unit = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...dangerous) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) },
);

/** Any text that JavaScript can hold, half surrogates included; dangerous characters are frequent. */
export const anyUnicode = fc.string({ unit, maxLength: 40 });

/** Any text that UTF-8 can hold. */
export const anyWellFormed = anyUnicode.map((text) => text.replace(/\p{Surrogate}/gu, '\ufffd'));
