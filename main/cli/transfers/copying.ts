import type { KeyPattern } from '../../oss/key-glob.ts';
import type { PlannedTransfer } from '../../transfers/queue/planned-transfer.ts';
import { type Address, parseAddress } from '../arguments/address.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { connectInRole, type EnvironmentConnection, type ServerValues } from '../arguments/connect.ts';
import { findMatching, noMatchMessage, patternOptions, readPattern } from '../arguments/key-pattern.ts';
import { type Parsed, serverOptions } from '../arguments/options.ts';
import { sessionOptions, type SessionValues } from '../arguments/session-options.ts';
import {
  forceOption,
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
  replacingBy,
} from '../arguments/transfer-options.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';
import { planCopy } from './copy-plan.ts';
import {
  fileUpload,
  folderKey,
  folderUpload,
  objectDownload,
  orderOf,
  patternDownload,
  prefixDownload,
} from './plans.ts';
import { type LocalWork, removeSources } from './remove-sources.ts';
import { type EndOfRun, runTransfers } from './transfer-run.ts';

/** Options of `cp` and `mv`. */
export const copyingOptions = {
  recursive: {
    type: 'boolean',
    short: 'r',
    meaning: 'a folder with all that is in it; its content goes below the target',
  },
  ...overwriteOption('the target', 'replace in OSS, and fail on this computer'),
  ...forceOption,
  'source-region': {
    ...{ type: 'string', argument: 'ID' },
    meaning: 'between regions: the region of the source. The bytes then come through this computer',
  },
  'source-endpoint': { type: 'string', argument: 'URL', meaning: 'the server of the source, if it is another one' },
  ...patternOptions,
  ...queueOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** What --help says of both commands. */
export const copyingAbout = [
  'One side or both are in OSS. A target that is an oss:// address without a key, or that ends with /, gets the name of the source, and so does a folder on this computer.',
  'With --recursive the source is a folder, with or without its last slash. Files that a pattern names keep their path below the part of it without wildcards; the target has to end with / then.',
] as const;

type CopyingValues = Parsed<typeof copyingOptions>['values'] & { readonly 'version-id'?: string | undefined };

/** One side of a copy: an address in OSS, or a path. */
type End =
  | { readonly at: 'oss'; readonly address: Address; readonly text: string }
  | { readonly at: 'here'; readonly path: string };

/** A command about to run. */
interface Copying extends CommandContext {
  readonly command: 'cp' | 'mv';
  readonly values: CopyingValues;
  readonly isRecursive: boolean;
}

/** Runs `cp`, or as a move `mv`. @returns the exit code. @throws UsageError, WaybillError */
export async function copyOrMove(
  command: 'cp' | 'mv',
  { values, words }: { readonly values: CopyingValues; readonly words: readonly string[] },
  context: CommandContext,
): Promise<number> {
  const [from, to] = [endOf(words[0] ?? ''), endOf(words[1] ?? '')];
  const copying = { ...context, command, values, isRecursive: values.recursive === true };
  if (copying.isRecursive && values['version-id'] !== undefined)
    throw new UsageError(sentence('cli.incompatible', { option: '--version-id', other: '--recursive' }));
  if (from.at === 'here' && to.at === 'here') throw new UsageError(sentence('cli.cp.local'));
  if (from.at === 'oss' && to.at === 'oss') return within(copying, from, to);
  checkLocalOptions(copying);
  if (from.at === 'here') return to.at === 'oss' ? up(copying, from.path, to.address) : 2;
  return to.at === 'here' ? down(copying, from, to.path) : 2;
}

/** Refuses options that have no meaning where one side is on this computer. @throws UsageError */
function checkLocalOptions({ command, values }: Copying): void {
  for (const option of ['source-region', 'source-endpoint'] as const) {
    if (values[option] !== undefined) throw new UsageError(sentence('cli.cp.within', { option: `--${option}` }));
  }
  if (command === 'mv' && values.overwrite === 'keep-both') throw new UsageError(sentence('cli.mv.keep-both'));
}

function endOf(text: string): End {
  return text.startsWith('oss://') ? { at: 'oss', address: parseAddress(text), text } : { at: 'here', path: text };
}

async function up(copying: Copying, path: string, to: Address): Promise<number> {
  const { values, isRecursive } = copying;
  if (values['version-id'] !== undefined)
    throw new UsageError(sentence('cli.cp.source-option', { option: '--version-id' }));
  const connection = await connectInRole(values, copying, to.bucket);
  const planned = isRecursive ? await folderUpload(path, to) : fileUpload(path, to);
  return finish(copying, connection, planned, await run(copying, planned, { connection }));
}

async function down(copying: Copying, from: End & { at: 'oss' }, path: string): Promise<number> {
  const { values, isRecursive } = copying;
  const { address } = from;
  const connection = await connectInRole(values, copying, address.bucket);
  const only = await patternIn(copying, connection, from);
  const planned =
    only !== null
      ? patternDownload(address.bucket, only, path)
      : isRecursive
        ? prefixDownload({ ...address, key: folderKey(address.key) }, path)
        : await objectDownload({ ...address, versionId: values['version-id'] ?? null }, path);
  const end = await run(copying, planned, { connection });
  return isEmpty(end) ? sayNothing(copying, connection, address, only) : finish(copying, connection, planned, end);
}

async function within(copying: Copying, from: End & { at: 'oss' }, to: End & { at: 'oss' }): Promise<number> {
  const { values } = copying;
  const connection = await connectInRole(values, copying, to.address.bucket);
  const isElsewhere = values['source-region'] !== undefined || values['source-endpoint'] !== undefined;
  const isApart = isElsewhere || from.address.bucket !== to.address.bucket;
  const source = isApart ? await connectInRole(sourceValues(values), copying, from.address.bucket) : connection;
  const only = await patternIn(copying, source, from);
  if (only !== null && to.address.key !== folderKey(to.address.key))
    throw new UsageError(sentence('cli.cp.folder', { text: to.text }));
  const planned = planCopy(from.address, to.address, {
    ...copying,
    move: copying.command === 'mv',
    versionId: values['version-id'] ?? null,
    only,
  });
  const sides = { connection, ...(isApart && { source: { bucket: from.address.bucket, connection: source } }) };
  const end = await run(copying, planned, sides);
  return isEmpty(end) ? sayNothing(copying, source, from.address, only) : end.code;
}

/** The options that lead to the source of a copy: a custom domain is one of the target's bucket. */
function sourceValues(values: CopyingValues): ServerValues & SessionValues {
  const { 'source-region': region, 'source-endpoint': endpoint, ...others } = values;
  if (region === undefined && endpoint === undefined) return { ...others, domain: undefined };
  return { ...others, domain: undefined, region, endpoint };
}

/** The pattern of the source; null for a file, or for a folder with --recursive. @throws UsageError for a folder without it */
async function patternIn(
  copying: Copying,
  connection: EnvironmentConnection,
  { address, text }: End & { at: 'oss' },
): Promise<KeyPattern | null> {
  const { values, isRecursive } = copying;
  const glob = await readPattern(address, values, { ...copying, connection });
  if (glob !== null) return { glob, isDeep: isRecursive };
  if (!isRecursive && address.key === folderKey(address.key))
    throw new UsageError(sentence('cli.cp.recursive', { text }));
  return null;
}

function run(
  copying: Copying,
  planned: PlannedTransfer,
  sides: {
    readonly connection: EnvironmentConnection;
    readonly source?: { bucket: string; connection: EnvironmentConnection };
  },
): Promise<EndOfRun> {
  const { command, values } = copying;
  const usual = planned.work.kind.startsWith('download') ? 'refuse' : 'replace';
  const rule = readOverwrite(values.overwrite, usual, replacingBy(values.force));
  const order = orderOf(planned, { command, rule, isJson: values.json === true, ...sides });
  return runTransfers(order, readTransferSettings(values), copying);
}

function isEmpty({ code, transfers }: EndOfRun): boolean {
  return code === 0 && transfers[0]?.folder?.total === 0;
}

async function sayNothing(
  copying: Copying,
  connection: EnvironmentConnection,
  address: Address,
  only: KeyPattern | null,
): Promise<number> {
  const { command, out } = copying;
  const found = only === null ? null : await findMatching({ ...copying, connection }, address.bucket, only);
  const message = found === null ? sentence('cli.no-matching-key') : noMatchMessage(address, found);
  out.say(`${command}: ${message}${found === null ? '\nCode: NoSuchKey' : ''}`);
  return 1;
}

/** Deletes the sources of a move, once everything was transferred. */
async function finish(
  { command, out, signal }: Copying,
  connection: EnvironmentConnection,
  { work }: PlannedTransfer,
  { code }: EndOfRun,
): Promise<number> {
  if (command !== 'mv' || code !== 0) return code;
  try {
    const kept = await removeSources(work as LocalWork, connection, signal);
    if (kept > 0) out.say(`mv: ${sentence('cli.mv.kept', { count: kept })}`);
    return kept > 0 ? 1 : 0;
  } catch (error) {
    out.say(`mv: ${sentence('cli.mv.copied')}`);
    throw error;
  }
}
