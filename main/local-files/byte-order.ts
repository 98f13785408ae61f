/** Surrogates and what UTF-16 sorts behind them although its UTF-8 comes first. */
const high = /[\ud800-\uffff]/;

/**
 * Compares two texts by the bytes of their UTF-8, the order in which OSS lists keys. JavaScript compares UTF-16, which
 * sorts U+E000 to U+FFFF behind emoji and the like.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (!high.test(a) || !high.test(b)) return a < b ? -1 : 1;
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return rankOf(a.charCodeAt(at)) < rankOf(b.charCodeAt(at)) ? -1 : 1;
}

/** The position of a UTF-16 unit among the units in UTF-8's order; NaN, the end of a text, comes first. */
function rankOf(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
