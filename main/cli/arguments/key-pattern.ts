import type { Connection } from '../../oss/connection.ts';
import { hasWildcards } from '../../oss/key-glob.ts';
import { listObjects, type ObjectEntry } from '../../oss/operations/listing.ts';
import { matchingPages } from '../../transfers/matching-keys.ts';
import { escapeControls } from '../../words/controls.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { type Address, formatAddress } from './address.ts';
import type { OptionTable } from '../usage/usage.ts';
import type { CommandContext } from './command.ts';

/** Options of every command whose address can be a pattern. */
export const patternOptions = {
  'no-glob': { type: 'boolean', meaning: '*, ? and [ in the key are these characters, not a pattern' },
} as const satisfies OptionTable;

/** What --help says about patterns. */
export const patternAbout =
  'In a pattern, * and ? stand for any characters but /, [a-z] for one of a set, and ** for any characters. Put it in quotes, so that the shell leaves it as it is.';

/** Values of patternOptions, and what excludes a pattern. */
export interface PatternValues {
  readonly 'no-glob'?: boolean | undefined;
  readonly 'version-id'?: string | undefined;
}

/** What asking OSS about a pattern takes. */
export type PatternContext = Pick<CommandContext, 'out' | 'signal'> & { readonly connection: Connection };

/**
 * The pattern in an address. Null if its key is meant literally: it has no wildcard, an option says so, or a file has exactly
 * this name, which is then said on stderr. Asks OSS only where there are wildcards.
 * @throws WaybillError if the bucket can't be listed
 */
export async function readPattern(
  address: Address,
  values: PatternValues,
  { connection, out, signal }: PatternContext,
): Promise<string | null> {
  const { bucket, key } = address;
  if (values['no-glob'] === true || values['version-id'] !== undefined || !hasWildcards(key)) return null;
  // The first key in byte order that begins with a key is that key itself, if it exists.
  const { objects } = await listObjects(connection, bucket, { prefix: key, maxKeys: 1, signal });
  if (objects[0]?.key !== key) return key;
  out.say(sentence('cli.glob.exact', { address: escapeControls(formatAddress(address)) }));
  return null;
}

/** The files that a pattern names. `hasFolders`: whether it names folders too. */
export interface Matched {
  readonly files: readonly ObjectEntry[];
  readonly hasFolders: boolean;
}

/** All files that a pattern names, with `isDeep` also those in folders that it names. @throws WaybillError */
export async function findMatching(
  { connection, signal }: PatternContext,
  bucket: string,
  pattern: { readonly glob: string; readonly isDeep: boolean },
): Promise<Matched> {
  const files: ObjectEntry[] = [];
  let hasFolders = false;
  for await (const { objects, prefixes } of matchingPages(() => Promise.resolve(connection), bucket, pattern, signal)) {
    for (const object of objects) files.push(object);
    hasFolders ||= prefixes.length > 0;
  }
  return { files, hasFolders };
}

/** Why a pattern names no file. */
export function noMatchMessage(address: Address, { hasFolders }: Pick<Matched, 'hasFolders'>): string {
  const shown = escapeControls(formatAddress(address));
  return sentence(hasFolders ? 'cli.glob.folders' : 'cli.glob.nothing', { address: shown });
}
