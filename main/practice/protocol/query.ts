import { decodePercent } from './percent.ts';
import { invalidArgument } from './refusal.ts';

/** The query of a request, decoded. */
export class Query {
  /** Names and values in the order of the request; a name without `=` has the value `''`. */
  readonly pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }

  /** The first value of `name`, `''` where it has none. */
  get(name: string): string | undefined {
    return this.pairs.find((pair) => pair[0] === name)?.[1];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * An integer argument.
   * @throws Refusal `InvalidArgument` outside `min` … `max`
   */
  integer(name: string, { min, max, otherwise }: { min: number; max: number; otherwise: number }): number {
    const text = this.get(name);
    if (text === undefined || text === '') return otherwise;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw invalidArgument(`Argument ${name} must be an integer between ${min} and ${max}.`, { name, value: text });
  }
}

/** Reads a raw query string as a form does: `+` is a space. */
export function parseQuery(raw: string): Query {
  const pairs = raw
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const at = part.indexOf('=');
      return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
  return new Query(pairs);
}

function decode(text: string): string {
  const decoded = decodePercent(text.replaceAll('+', ' '));
  if (decoded === null) throw invalidArgument('The query is not valid UTF-8.');
  return decoded;
}
