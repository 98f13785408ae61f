/*
 * The wildcards of policies: `*` is any run of characters, `?` exactly one; there is no escape for them.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements
 */

/** Whether a pattern matches a whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const characters = Array.from(pattern);
  return placesAfter(characters, text).has(characters.length);
}

/** Whether a pattern matches some text that starts with `prefix`. */
export function matchesBelow(pattern: string, prefix: string): boolean {
  return placesAfter(Array.from(pattern), prefix).size > 0;
}

/** Where in a pattern one may be, once it has taken a text. */
function placesAfter(pattern: readonly string[], text: string): ReadonlySet<number> {
  let places = settled(pattern, [0]);
  for (const character of text) {
    const next = [...places].flatMap((place) => {
      const wanted = pattern[place];
      if (wanted === '*') return [place];
      return wanted === '?' || wanted === character ? [place + 1] : [];
    });
    places = settled(pattern, next);
  }
  return places;
}

/**
 * The places to go on from. A star may stand for nothing, and what is before the last star needn't be kept: from there on
 * the pattern takes all that it takes from an earlier place. So a pattern full of stars isn't slow.
 */
function settled(pattern: readonly string[], places: readonly number[]): ReadonlySet<number> {
  let lastStar = -1;
  for (const place of places) {
    for (let at = place; pattern[at] === '*'; at++) lastStar = Math.max(lastStar, at);
  }
  const kept = places.filter((place) => place > lastStar);
  return new Set(lastStar === -1 ? kept : [lastStar, lastStar + 1, ...kept]);
}
