import { parseArgs } from 'node:util';
import { own } from '../../own.ts';
import { UsageError } from './command.ts';
import { credentialOptions } from './credential-options.ts';
import { regions } from '../../oss/regions.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

/** The option of every command whose answer can be read by a program. */
export const jsonOption = {
  json: { type: 'boolean', meaning: 'output as JSON, one value a line' },
} as const satisfies OptionTable;

/** Options of every command that sends signed requests. */
export const serverOptions = {
  endpoint: {
    ...{ type: 'string', argument: 'URL', heading: 'Server and credentials:' },
    meaning: 'server (or OSS_ENDPOINT), default https://oss-<region>.aliyuncs.com',
  },
  region: {
    ...{ type: 'string', argument: 'ID', value: regions.map(({ id }) => id) },
    meaning: 'region (or OSS_REGION), such as cn-hangzhou',
  },
  'sign-version': {
    ...{ type: 'string', argument: 'v4|v1', value: ['v4', 'v1'] },
    meaning: 'signature version, default v4',
  },
  cname: { type: 'boolean', meaning: 'the endpoint is a custom domain of the bucket' },
  domain: {
    ...{ type: 'string', argument: 'HOST' },
    meaning: 'a custom domain of the bucket, for requests and links; http://HOST without a certificate',
  },
  ...credentialOptions,
  ...jsonOption,
} as const satisfies OptionTable;

/** Options by name, and the remaining arguments in order. */
export type Parsed<T extends OptionTable> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Reads the command line. @throws UsageError for an unknown option, or for more or fewer arguments than `names` */
export function readArgs<const T extends OptionTable>(
  args: readonly string[],
  options: T,
  names: readonly string[],
): { readonly values: Parsed<T>['values']; readonly words: readonly string[] } {
  const parsed = readAnyArgs(args, options);
  checkWords(parsed.words, names);
  return parsed;
}

/** Reads the command line without counting its arguments. @throws UsageError for an unknown option */
export function readAnyArgs<const T extends OptionTable>(
  args: readonly string[],
  options: T,
): { readonly values: Parsed<T>['values']; readonly words: readonly string[] } {
  try {
    const { values, positionals } = parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values, words: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Checks that there is one argument for each name. @throws UsageError */
export function checkWords(words: readonly string[], names: readonly string[]): void {
  if (words.length < names.length)
    throw new UsageError(sentence('cli.missing-argument', { name: names[words.length] ?? '' }));
  if (words.length > names.length)
    throw new UsageError(sentence('cli.extra-argument', { text: words[names.length] ?? '' }));
}

/** Reads `Name: value` or `name=value` options. @throws UsageError */
export function readPairs(texts: readonly string[], separator: ':' | '=', option: string): Record<string, string> {
  const pairs = texts.map((text) => {
    const at = text.indexOf(separator);
    if (at < 1) throw new UsageError(sentence('cli.pair', { option, text, form: `name${separator}value` }));
    return [text.slice(0, at).trim(), separator === ':' ? text.slice(at + 1).trim() : text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Reads a whole number in a range. @throws UsageError */
export function readNumber(text: string, option: string, least: number, most: number): number {
  return checkRange(/^\d+$/.test(text) ? Number(text) : Number.NaN, option, least, most);
}

/** Returns a number that is in a range. @throws UsageError */
export function checkRange(number: number, option: string, least: number, most: number): number {
  if (number >= least && number <= most) return number;
  throw new UsageError(sentence('cli.number', { option, least, most }));
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Reads a number of bytes such as `2G`: K, M and G are 1,024, 1,024² and 1,024³. Null for anything else. */
export function parseBytes(text: string): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text) ?? [];
  return number === undefined ? null : Math.round(Number(number) * (own(units, unit.toLowerCase()) ?? 1));
}

/** As parseBytes(). @throws UsageError */
export function readBytes(text: string, option: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new UsageError(sentence('cli.bytes', { option }));
  return bytes;
}

const SECOND_UNITS = [604_800, 86_400, 3600, 60, 1] as const;
const TIME = new RegExp(
  `^${['w', 'd', 'h', 'm', 's'].map((unit) => String.raw`(?:(\d{1,15})${unit})?`).join('')}$`,
  'i',
);

/**
 * Reads a time as seconds: a number alone, or numbers with `w`, `d`, `h`, `m` and `s`, the larger first, such as `90`,
 * `15m`, `1h30m` or `7d`.
 * @throws UsageError
 */
export function readSeconds(text: string, option: string): number {
  const [whole = '', ...counts] = TIME.exec(/^\d{1,15}$/.test(text) ? `${text}s` : text) ?? [];
  const value = SECOND_UNITS.reduce((sum, unit, place) => sum + Number(counts[place] ?? 0) * unit, 0);
  if (whole !== '' && Number.isSafeInteger(value)) return value;
  throw new UsageError(sentence('cli.seconds', { option }));
}
