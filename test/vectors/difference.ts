/** Compares in the order asked for, and says what differs first. Null: nothing. */
export type Difference = string | null;

export function firstDifference(...differences: readonly Difference[]): Difference {
  return differences.find((difference) => difference !== null) ?? null;
}

/** Compares two values by their JSON; what the record leaves out (null or undefined) is not compared. */
export function differs(what: string, actual: unknown, expected: unknown): Difference {
  if (expected === null || expected === undefined) return null;
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  return a === b ? null : `${what}: ${a}, expected ${b}`;
}

/** Pairs as a set: each SDK has its own order. */
export function sorted(pairs: readonly (readonly [string, string])[]): readonly string[] {
  return pairs.map((pair) => JSON.stringify(pair)).sort();
}

/** A query or form as OSS decodes it. */
export function decodeForm(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeFormValue(name), decodeFormValue(value.join('='))];
    });
}

function decodeFormValue(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
