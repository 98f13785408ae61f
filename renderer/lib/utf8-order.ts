/**
 * Compares texts by their UTF-8 bytes, the order of a listing. By UTF-16 units, as JavaScript has it, characters beyond
 * U+FFFF would come before those from U+E000 on.
 */
export function compareUtf8(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return one.length - other.length;
}

/** Surrogates after all others. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
