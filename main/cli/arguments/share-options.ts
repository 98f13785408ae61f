import type { LinkListFormat } from '../../links/making/link-list.ts';
import type { LinkSnippets } from '../../links/making/snippets.ts';
import type { LinkMethod } from '../../links/text/link-note.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { cdnOptionTable } from './cdn-options.ts';
import { choiceError, UsageError } from './command.ts';
import { linkOptionTable } from './link-options.ts';
import { type readArgs, serverOptions } from './options.ts';
import { roleOptionTable } from './role-options.ts';
import type { OptionTable } from '../usage/usage.ts';

/** What a link can be for. */
export const linkMethods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const satisfies readonly LinkMethod[];

const snippetKinds = ['curl', 'python', 'fetch', 'powershell'] as const satisfies readonly (keyof LinkSnippets)[];

/** The forms of a list of links. */
export const listFormats = [
  'text',
  'csv',
  'json',
  'markdown',
  'manifest',
  'page',
] as const satisfies readonly LinkListFormat[];

/** The options of links that can be revoked: which role signs. Waybill names the session, and gives it no source identity. */
const revocableOptionTable = {
  revocable: {
    type: 'boolean',
    heading: 'Links that can be revoked:',
    meaning: 'sign with a session of its own, which "revoke" can take back; valid for 12h at most',
  },
  'role-arn': {
    ...roleOptionTable['role-arn'],
    meaning: 'the role that signs; it needs the rights that the links give',
  },
  'external-id': roleOptionTable['external-id'],
  'sts-endpoint': roleOptionTable['sts-endpoint'],
} as const satisfies OptionTable;

/** The names of revocableOptionTable. */
export const revocableOptionNames = Object.keys(revocableOptionTable) as readonly (keyof typeof revocableOptionTable)[];

/** The options of `share`. */
export const shareOptions = {
  ...linkOptionTable,
  method: {
    ...{ type: 'string', argument: 'METHOD', value: linkMethods },
    meaning: 'GET (default), HEAD, PUT or DELETE',
  },
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  header: {
    ...{ type: 'string', multiple: true, argument: "'Name: value'" },
    meaning: 'a header that the recipient must send too',
  },
  query: {
    ...{ type: 'string', multiple: true, argument: 'NAME=VALUE' },
    meaning: 'a query parameter such as response-content-disposition, x-oss-process or x-oss-traffic-limit (bit/s)',
  },
  fragment: {
    type: 'boolean',
    meaning: 'add method and headers to the URL (#waybill=…), where no server sees them: "send" reads them',
  },
  snippet: {
    ...{ type: 'string', argument: 'KIND', value: snippetKinds },
    meaning: 'print a request instead of the URL: curl, python, fetch or powershell',
  },
  public: {
    type: 'boolean',
    meaning: 'print the address without a signature, if everyone may read the file; it has no end',
  },
  recursive: { type: 'boolean', heading: 'Folders:', meaning: 'all files below the prefix' },
  format: {
    ...{ type: 'string', argument: 'FORMAT', value: listFormats },
    meaning:
      'with --recursive: text (default), csv, json, markdown, or manifest: one file that "fetch" opens, with the version and CRC-64 of each file',
  },
  page: { type: 'boolean', meaning: 'same as --recursive --format page; "fetch" opens a page, too' },
  put: {
    ...{ type: 'string', argument: 'oss://bucket/key', value: 'address' },
    meaning: 'with --page: put the page into a bucket, and print a link to it',
  },
  force: { type: 'boolean', meaning: 'with --put: replace an object at that key' },
  cors: {
    ...{ type: 'string', argument: 'add', value: ['add'] },
    meaning: "with --page: put the CORS rule by which the page checks downloads first among the bucket's rules",
  },
  ...revocableOptionTable,
  ...cdnOptionTable,
  ...serverOptions,
} as const satisfies OptionTable;

/** Values of shareOptions. */
export type ShareValues = ReturnType<typeof readArgs<typeof shareOptions>>['values'];

/** Refuses options that mean nothing with another one. @throws UsageError */
export function refuseOptions(values: ShareValues, names: readonly (keyof ShareValues)[], other: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(sentence('cli.exclusive', { first: `--${given}`, second: other }));
}

/** Refuses options that need one that is missing. @throws UsageError */
export function refuseWithout(values: ShareValues, other: string, names: readonly (keyof ShareValues)[]): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(sentence('cli.requires', { option: `--${given}`, other }));
}

/** Reads --snippet; null without one. @throws UsageError */
export function readSnippet(text: string | undefined): keyof LinkSnippets | null {
  if (text === undefined) return null;
  const kind = snippetKinds.find((one) => one === text);
  if (kind === undefined) throw choiceError('--snippet', snippetKinds);
  return kind;
}
