import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, toFailure } from '../../../failure.ts';
import type { Connection } from '../../../oss/connection.ts';
import { objectPages } from '../../../oss/operations/ranges/object-pages.ts';
import { headObject } from '../../../oss/operations/objects.ts';
import {
  isArchived,
  isFrozen,
  offeredTerms,
  restoreObject,
  type RestoreState,
  type RestoreTerms,
  restoreTiers,
} from '../../../oss/operations/restore.ts';
import { inParallel } from '../../../transfers/parallel.ts';
import { escapeControls } from '../../../words/controls.ts';
import { type Address, formatAddress, parseAddress, parseObjectAddress } from '../../arguments/address.ts';
import { choiceError, type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { readArgs, readNumber, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { isoTime } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const MOST_DAYS = 365;
/** Requests at a time. */
const PARALLEL = 8;
/** How long to wait between two looks, in milliseconds: the first, and the longest. An Expedited restore takes a minute. */
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;

const options = {
  days: {
    ...{ type: 'string', default: '1', argument: 'N' },
    meaning: 'how long the restored copy stays, default 1: at most 7 for Archive, 365 for the colder classes',
  },
  tier: {
    ...{ type: 'string', default: 'Standard', argument: 'TIER', value: restoreTiers },
    meaning:
      'how fast: Expedited, Standard (default) or Bulk for ColdArchive; Expedited or Standard for DeepColdArchive; Archive has one only',
  },
  recursive: { type: 'boolean', meaning: 'all archived files whose keys start with the prefix' },
  status: { type: 'boolean', meaning: 'only print how far it is' },
  wait: { type: 'boolean', meaning: 'print each file once it can be read; Ctrl+C stops waiting, not the restore' },
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

type RestoreValues = ReturnType<typeof readArgs<typeof options>>['values'];

/** An object, as far as its restore matters. */
interface Archived {
  readonly key: string;
  readonly storageClass: string;
  readonly restore: RestoreState | null;
}

/** What is restored: one file, a version of it, or everything below a prefix. */
interface Target extends Address {
  readonly isRecursive: boolean;
  readonly versionId: string | undefined;
}

interface Run {
  readonly connection: Connection;
  readonly target: Target;
  readonly isJson: boolean;
  readonly context: CommandContext;
}

/** `restore`: makes archived files readable for some days. */
export const restoreCommand: Command = {
  usage: {
    forms: [
      ['restore oss://bucket/key --days N', 'make an archived file readable for some days; again to keep it longer'],
      ['restore oss://bucket/prefix --recursive', 'all archived files whose keys start with the prefix'],
      ['restore oss://bucket/key --status', 'print how far it is'],
    ],
    about: [
      'Takes about a minute for Archive, an hour to twelve for ColdArchive, and 12 to 48 hours for DeepColdArchive. The restored copy is billed as well. Prints one line a file: its state (restoring, restored until a moment, archived, or readable if it was never archived) and its address. Where a storage class offers fewer days or no such tier, it gets what there is, which stderr says.',
    ],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill restore oss://backup/2024.tar --days 3', meaning: 'Readable for three days' },
      { line: 'waybill restore oss://backup/2024.tar --status --json', meaning: 'How far it is' },
      {
        line: 'waybill restore oss://backup/photos/ --recursive --days 7 --tier Bulk',
        meaning: 'A whole folder, as cheaply as possible',
      },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const target = readTarget(words[0] ?? '', values);
    const terms = readTerms(values);
    const connection = await connectInRole(values, context, target.bucket);
    const run = { connection, target, isJson: values.json === true, context };
    return values.status === true ? printStates(run) : restoreAll(run, terms, values.wait === true);
  },
};

function readTarget(text: string, values: RestoreValues): Target {
  const isRecursive = values.recursive === true;
  const versionId = values['version-id'];
  if (isRecursive && versionId !== undefined) {
    throw new UsageError(sentence('cli.incompatible', { option: '--version-id', other: '--recursive' }));
  }
  if (values.status === true && values.wait === true) {
    throw new UsageError(sentence('cli.exclusive', { first: '--status', second: '--wait' }));
  }
  return { ...(isRecursive ? parseAddress(text) : parseObjectAddress(text)), isRecursive, versionId };
}

function readTerms({ days, tier }: RestoreValues): RestoreTerms {
  const found = restoreTiers.find((one) => one.toLowerCase() === tier.toLowerCase());
  if (found === undefined) throw choiceError('--tier', restoreTiers);
  return { days: readNumber(days, '--days', 1, MOST_DAYS), tier: found };
}

/** The archived objects of the target, a page at a time; a single one also if it isn't archived. */
async function* archivedPages({ connection, target, context }: Run): AsyncGenerator<readonly Archived[]> {
  const { bucket, key, isRecursive, versionId } = target;
  const { signal } = context;
  if (!isRecursive) {
    yield [{ ...(await headObject(connection, { bucket, key, versionId }, signal)), key }];
    return;
  }
  for await (const { objects } of objectPages(connection, bucket, { prefix: key, signal })) {
    yield objects
      .filter(({ storageClass }) => isArchived(storageClass))
      .map(({ restore = null, ...object }) => ({ ...object, restore }));
  }
}

async function printStates(run: Run): Promise<number> {
  let count = 0;
  for await (const page of archivedPages(run)) {
    for (const object of page) await answer(run, object);
    count += page.length;
  }
  if (count === 0) run.context.out.say(sentence('cli.restore.nothing'));
  return count === 0 ? 1 : 0;
}

async function restoreAll(run: Run, terms: RestoreTerms, isWaiting: boolean): Promise<number> {
  const { out, signal } = run.context;
  const pending = new Set<string>();
  const adapted = new Set<string>();
  let count = 0;
  let failures = 0;
  for await (const page of archivedPages(run)) {
    count += page.length;
    await inParallel(
      page,
      () => PARALLEL,
      signal,
      async (object) => {
        const { key, storageClass } = object;
        const offered = offeredTerms(storageClass, terms);
        if (isArchived(storageClass) && isLess(offered, terms) && !adapted.has(storageClass)) {
          adapted.add(storageClass);
          out.say(sentence('cli.restore.adapted', { storageClass, ...offered }));
        }
        const outcome = await start(run, object, terms);
        if (outcome !== null) {
          failures += 1;
          out.say(`${escapeControls(key)}: ${failureMessage(outcome)}`);
        } else if (isWaiting && isArchived(storageClass)) pending.add(key);
        else await answer(run, await afterStart(run, object));
      },
    );
  }
  if (count === 0) out.say(sentence('cli.restore.nothing'));
  const gone = await waitFor(run, pending);
  return failures + gone === 0 && count > 0 ? 0 : 1;
}

function isLess(offered: RestoreTerms, wanted: RestoreTerms): boolean {
  return offered.days < wanted.days || offered.tier !== wanted.tier;
}

/** Starts a restore, or keeps its copy longer. @returns why it can't be; null also where there is nothing to do */
async function start(
  { connection, target, context }: Run,
  { key, storageClass }: Archived,
  terms: RestoreTerms,
): Promise<Failure | null> {
  const { bucket, versionId } = target;
  const { out, signal } = context;
  if (!isArchived(storageClass)) {
    out.say(sentence('cli.restore.not-archived', { key: escapeControls(key) }));
    return null;
  }
  try {
    await restoreObject(connection, { bucket, key, versionId }, { ...terms, storageClass }, signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    const failure = toFailure(error);
    if (failure.kind !== 'oss' || failure.code !== 'RestoreAlreadyInProgress') return failure;
    out.say(sentence('cli.restore.running', { key: escapeControls(key) }));
    return null;
  }
}

/** The object as it is after a request: an earlier copy now stays longer, until a moment that OSS knows. */
async function afterStart({ connection, target, context }: Run, object: Archived): Promise<Archived> {
  const { key, storageClass } = object;
  if (!isArchived(storageClass)) return object;
  if (isFrozen(object, connection.clock.now())) return { ...object, restore: { at: 'ongoing' } };
  const { bucket, versionId } = target;
  return { ...object, ...(await headObject(connection, { bucket, key, versionId }, context.signal)) };
}

/**
 * Prints each pending object once it can be read. An interrupted network doesn't end the wait.
 * @returns how many were deleted meanwhile
 */
async function waitFor(run: Run, pending: Set<string>): Promise<number> {
  const { connection, context } = run;
  const { out, signal } = context;
  let gone = 0;
  if (pending.size > 0) out.say(sentence('cli.restore.waiting', { count: pending.size }));
  for (let wait = FIRST_WAIT_MS; pending.size > 0; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    const unseen = new Set(pending);
    try {
      for await (const page of archivedPages(run)) {
        for (const object of page.filter(({ key }) => pending.has(key))) {
          unseen.delete(object.key);
          if (isFrozen(object, connection.clock.now())) continue;
          pending.delete(object.key);
          await answer(run, object);
        }
      }
      for (const key of unseen) out.say(sentence('cli.restore.gone', { key: escapeControls(key) }));
      for (const key of unseen) pending.delete(key);
      gone += unseen.size;
    } catch (error) {
      signal.throwIfAborted();
      if (toFailure(error).kind !== 'network') throw error;
    }
    if (pending.size > 0) await delay(wait, undefined, { signal });
  }
  return gone;
}

async function answer({ connection, target, isJson, context }: Run, object: Archived): Promise<void> {
  const { bucket, versionId = null } = target;
  const { key, storageClass, restore } = object;
  const state = stateOf(object, connection.clock.now());
  const until = restore?.at === 'restored' && restore.until !== null ? isoTime(restore.until) : null;
  const line = [state.padEnd(9), (until ?? '').padEnd(20), storageClass.padEnd(15), formatAddress({ bucket, key })];
  const json = { bucket, key, versionId, storageClass, state, until };
  await context.out.answer(isJson ? JSON.stringify(json) : line.map(escapeControls).join('  '));
}

function stateOf(object: Archived, now: number): 'readable' | 'restoring' | 'restored' | 'archived' {
  if (!isArchived(object.storageClass)) return 'readable';
  if (object.restore?.at === 'ongoing') return 'restoring';
  return isFrozen(object, now) ? 'archived' : 'restored';
}
