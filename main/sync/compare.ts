import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, toFailure } from '../failure.ts';
import { crc64OfSlice } from '../http/file-slice.ts';
import { foldsNames } from '../local-files/exact-name.ts';
import { errorCode, fileError } from '../local-files/file-failure.ts';
import { readsArchiveDirectly } from '../oss/operations/archive-direct-read.ts';
import { headObject } from '../oss/operations/objects.ts';
import { storedTimeOf } from '../transfers/modified-at.ts';
import { inParallel } from '../transfers/parallel.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';
import { isChange } from './changed.ts';
import { decide, type Found, type Grounds, needsLook, settledEntry, skipOf } from './decide.ts';
import { type Difference, differenceByStoredTime, type LocalState } from './difference.ts';
import { type LocalItem, localSide } from './local-side.ts';
import { pairsOf } from './pairs.ts';
import { readPatterns } from './patterns.ts';
import { type AtBucket, remoteSide } from './remote-side.ts';
import type { SyncRule } from './rule.ts';
import type { SyncEntry } from './step.ts';
import { TargetNames } from './target-names.ts';

/** Objects asked about, and files read for their CRC-64, at the same time. */
const CONCURRENT_LOOKS = 16;

/** What a comparison works with. */
export interface CompareTools {
  readonly atBucket: AtBucket;
  readonly signal: AbortSignal;
  /** Whether names that differ in case alone are the same here. Default: as the system does it around the folder. */
  readonly foldsNames?: boolean;
}

/**
 * Compares a folder with a prefix and yields, in the order of OSS, every path that one of them has and the patterns cover,
 * with what a sync does about it. Changes nothing. Memory doesn't grow with the number of paths, but where case doesn't
 * count: there a download keeps their names.
 * @throws WaybillError `file` if the folder can't be read; it may be missing for a download. What OSS answered to the
 *   listing; `input` for a pattern
 */
export async function* compare(rule: SyncRule, tools: CompareTools): AsyncGenerator<readonly SyncEntry[]> {
  const { folder, direction } = rule;
  const { atBucket, signal } = tools;
  const filter = readPatterns(rule.include, rule.exclude);
  const isFolded = direction === 'down' && (tools.foldsNames ?? (await foldsNames(folder)));
  const base = { rule, names: new TargetNames(folder, isFolded) };
  const isNew = direction === 'down' && !(await isThere(folder));
  const locals = isNew ? nothing() : localSide(folder, filter);
  const looker = new Looker(base, tools);
  for await (const pairs of pairsOf(locals, remoteSide(atBucket, rule, filter, signal))) {
    signal.throwIfAborted();
    // Only the answer to the first listing shows that the clock is wrong.
    const clockOffsetMs = await atBucket(({ clock }) => Promise.resolve(clock.offsetMs));
    const grounds = { ...base, clockOffsetMs };
    const decided = pairs.map((pair) => decide(pair, grounds)).filter((each) => each !== null);
    const entries = await looker.settle(decided);
    if (entries.length > 0) yield entries;
  }
}

/** Finds out what walk and listing don't tell. */
class Looker {
  readonly #grounds: Pick<Grounds, 'rule' | 'names'>;
  readonly #tools: CompareTools;
  #readsArchive: Promise<boolean> | null = null;

  constructor(grounds: Pick<Grounds, 'rule' | 'names'>, tools: CompareTools) {
    this.#grounds = grounds;
    this.#tools = tools;
  }

  async settle(decided: readonly (SyncEntry | Found)[]): Promise<readonly SyncEntry[]> {
    const { rule } = this.#grounds;
    const entries: SyncEntry[] = [];
    const open: (readonly [number, Found])[] = [];
    for (const [index, each] of decided.entries()) {
      if ('step' in each) entries[index] = each;
      else if (needsLook(each, rule)) open.push([index, each]);
      else entries[index] = settledEntry(each, each.difference as Difference, rule);
    }
    await inParallel(
      open,
      () => CONCURRENT_LOOKS,
      this.#tools.signal,
      async ([index, found]) => {
        entries[index] = await this.#look(found);
      },
    );
    return entries;
  }

  async #look(found: Found): Promise<SyncEntry> {
    const { rule, names } = this.#grounds;
    const difference = found.difference === 'ask' ? await this.#ask(found) : found.difference;
    if (difference === 'changed') return skipOf(found.path, 'changed', null);
    const entry = settledEntry(found, difference, rule);
    if (entry.step.action !== 'download') return entry;
    const isFrozen = found.frozenAs !== null && !(await this.#isReadAnyway(found.frozenAs));
    if (isFrozen) return { ...entry, step: { action: 'skip', because: 'archived' } };
    const isTaken = difference === 'new' && (await names.isTaken(found.path));
    return isTaken ? { ...entry, step: { action: 'skip', because: 'taken' } } : entry;
  }

  /** Asks for the object's headers and compares what they say. `changed`: one of both is gone, or not what it was. */
  async #ask({ path, local, remote }: Found): Promise<Difference | 'changed'> {
    const { rule } = this.#grounds;
    const { atBucket, signal } = this.#tools;
    if (local === null || remote === null) return 'changed';
    const object = { bucket: rule.bucket, key: rule.prefix + path };
    const head = await retry(
      () => atBucket((connection) => headObject(connection, object, signal)),
      REQUEST_RETRY,
      signal,
    ).catch((error: unknown) => nullIfGone(error));
    if (head === null || head.etag !== remote.etag) return 'changed';
    if (rule.compare === 'time') return differenceByStoredTime(local, remote, rule, storedTimeOf(head.meta));
    const crc64 = await crc64Of(join(rule.folder, path), local, signal);
    if (crc64 === null) return 'changed';
    return crc64 === head.crc64 ? 'same' : 'different';
  }

  /** Whether the bucket serves archived objects as they are; of the class Archive alone. */
  async #isReadAnyway(storageClass: string): Promise<boolean> {
    if (storageClass !== 'Archive') return false;
    const { atBucket, signal } = this.#tools;
    this.#readsArchive ??= atBucket(
      async (connection) => (await readsArchiveDirectly(connection, this.#grounds.rule.bucket, signal)) === true,
    );
    return this.#readsArchive;
  }
}

/** The CRC-64 of a file; null if it isn't as the walk found it. @throws WaybillError `file`, `cancelled` */
async function crc64Of(
  path: string,
  { sizeBytes, modifiedAt }: LocalState,
  signal: AbortSignal,
): Promise<string | null> {
  const file = { sizeBytes, modifiedAt };
  try {
    return await crc64OfSlice({ kind: 'file-slice', fd: null, path, start: 0, sizeBytes, file }, signal);
  } catch (error) {
    if (isChange(toFailure(error))) return null;
    throw error;
  }
}

function nullIfGone(error: unknown): null {
  if (isMissing(toFailure(error))) return null;
  throw error;
}

async function isThere(folder: string): Promise<boolean> {
  try {
    await lstat(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError(error, folder);
  }
}

async function* nothing(): AsyncGenerator<readonly LocalItem[]> {
  // The folder doesn't exist yet.
}
