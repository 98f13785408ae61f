import type { LinkSnippets } from '../../links/making/snippets.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { cdnOptionTable } from './cdn-options.ts';
import { choiceError, UsageError } from './command.ts';
import { linkOptionTable } from './link-options.ts';
import { type readArgs, serverOptions } from './options.ts';
import { roleOptionTable } from './role-options.ts';

/** The options of links that can be revoked: which role signs. Waybill names the session, and gives it no source identity. */
const { 'session-name': _name, 'source-identity': _identity, ...revocableRoleTable } = roleOptionTable;
const revocableOptionTable = { revocable: { type: 'boolean' }, ...revocableRoleTable } as const;

/** The names of revocableOptionTable. */
export const revocableOptionNames = Object.keys(revocableOptionTable) as readonly (keyof typeof revocableOptionTable)[];

/** The options of `share`. */
export const shareOptions = {
  ...serverOptions,
  ...linkOptionTable,
  ...cdnOptionTable,
  public: { type: 'boolean' },
  method: { type: 'string' },
  'version-id': { type: 'string' },
  header: { type: 'string', multiple: true },
  query: { type: 'string', multiple: true },
  fragment: { type: 'boolean' },
  snippet: { type: 'string' },
  recursive: { type: 'boolean' },
  format: { type: 'string' },
  page: { type: 'boolean' },
  put: { type: 'string' },
  force: { type: 'boolean' },
  cors: { type: 'string' },
  ...revocableOptionTable,
} as const;

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
  if (text === 'curl' || text === 'python' || text === 'fetch' || text === 'powershell') return text;
  throw choiceError('--snippet', ['curl', 'python', 'fetch', 'powershell']);
}
