import { decodePercent } from './percent.ts';
import { invalidArgument } from './refusal.ts';

/** The decoded query of a request. */
export class Query {
  /** Names and values in request order. A name without `=` has the value `''`. */
  readonly pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }

  /** The first value of `name`, `''` for a name without `=`, undefined if absent. */
  get(name: string): string | undefined {
    return this.pairs.find((pair) => pair[0] === name)?.[1];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Reads an integer argument, or `fallback` if it is absent.
   * @throws Refusal `InvalidArgument` outside `min` … `max`
   */
  integer(name: string, { min, max, fallback }: { min: number; max: number; fallback: number }): number {
    const text = this.get(name);
    if (text === undefined || text === '') return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw invalidArgument(`Argument ${name} must be an integer between ${min} and ${max}.`, { name, value: text });
  }
}

/** Parses a raw query string as form data: `+` is a space. */
export function parseQuery(raw: string): Query {
  const pairs = raw
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
  return new Query(pairs);
}

function decode(text: string): string {
  const decoded = decodePercent(text.replaceAll('+', ' '));
  if (decoded === null) throw invalidArgument('The query is not valid UTF-8.');
  return decoded;
}
