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
  let places = withStars(pattern, [0]);
  for (const character of text) {
    const next = [...places].flatMap((place) => {
      const wanted = pattern[place];
      if (wanted === '*') return [place];
      return wanted === '?' || wanted === character ? [place + 1] : [];
    });
    places = withStars(pattern, next);
  }
  return places;
}

/** A star may also stand for nothing. */
function withStars(pattern: readonly string[], places: readonly number[]): Set<number> {
  const all = new Set<number>();
  for (let place of places) {
    all.add(place);
    while (pattern[place] === '*') all.add(++place);
  }
  return all;
}
