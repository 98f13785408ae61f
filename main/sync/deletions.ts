import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';
import { refuseLinkedFolders } from '../local-files/walk.ts';
import { MAX_DELETE_KEYS } from '../oss/limits.ts';
import { deleteObjects } from '../oss/operations/deletes.ts';
import { listObjects, type ObjectEntry } from '../oss/operations/listing.ts';
import { assertFileState } from '../transfers/file-state.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';
import type { SyncPlan } from './plan.ts';
import type { AtBucket } from './remote-side.ts';
import type { SyncRule } from './rule.ts';
import type { SyncEntry } from './step.ts';
import { deletionStopOf } from './totals.ts';

/** What became of a deletion. `failure`: null if it is done; isChange() tells that its path was changed meanwhile. */
export interface Deleted {
  readonly path: string;
  readonly failure: Failure | null;
}

/** What deletions work with. */
export interface DeletionTools {
  readonly atBucket: AtBucket;
  readonly signal: AbortSignal;
}

/**
 * Deletes what the plan says at the target, each only if it is still what the comparison saw; call it after the transfers,
 * once all of them succeeded. With versioning on OSS keeps what is deleted as a previous version; local files are gone.
 * @throws WaybillError if a request fails as a whole; earlier ones have then taken effect
 */
export async function* deleteGone(plan: SyncPlan, tools: DeletionTools): AsyncGenerator<readonly Deleted[]> {
  const { rule, totals } = plan;
  if (!rule.deletes || deletionStopOf(totals) !== null) return;
  const entries = plan.entries('delete');
  if (rule.direction === 'down') yield* deleteFiles(rule.folder, entries, tools.signal);
  else yield* deleteRemote(rule, entries, tools);
}

async function* deleteFiles(
  root: string,
  entries: Iterable<SyncEntry>,
  signal: AbortSignal,
): AsyncGenerator<readonly Deleted[]> {
  for (const { path, local } of entries) {
    signal.throwIfAborted();
    const file = join(root, path);
    try {
      await refuseLinkedFolders(root, file);
      if (local === null) throw changedFile(file);
      await assertFileState(file, local);
      await withFileErrors(file, unlink(file));
      await removeEmptyFolders(root, dirname(file));
      yield [{ path, failure: null }];
    } catch (error) {
      yield [{ path, failure: toFailure(error) }];
    }
  }
}

/** Removes folders up to `root` that hold nothing any more. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let path = folder; path.length > root.length; path = dirname(path)) {
    const isRemoved = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}

async function* deleteRemote(
  rule: SyncRule,
  entries: Iterable<SyncEntry>,
  tools: DeletionTools,
): AsyncGenerator<readonly Deleted[]> {
  const listing = new LaterListing(rule, tools);
  let batch: string[] = [];
  for (const entry of entries) {
    if (await listing.hasStill(entry)) batch.push(entry.path);
    else yield [{ path: entry.path, failure: changedObject() }];
    if (batch.length < MAX_DELETE_KEYS) continue;
    yield await deleteBatch(rule, batch, tools);
    batch = [];
  }
  if (batch.length > 0) yield await deleteBatch(rule, batch, tools);
}

async function deleteBatch(
  { bucket, prefix }: SyncRule,
  paths: readonly string[],
  { atBucket, signal }: DeletionTools,
): Promise<readonly Deleted[]> {
  const objects = paths.map((path) => ({ key: prefix + path }));
  const { failed } = await retry(
    () => atBucket((connection) => deleteObjects(connection, bucket, objects, signal)),
    REQUEST_RETRY,
    signal,
  );
  const failures = new Map(failed.map(({ key, failure }) => [key.slice(prefix.length), failure ?? unconfirmed()]));
  return paths.map((path) => ({ path, failure: failures.get(path) ?? null }));
}

/** Looks again at objects, in the order of OSS: at most one page of a listing for each, and mostly one for many. */
class LaterListing {
  readonly #rule: SyncRule;
  readonly #tools: DeletionTools;
  #page: readonly ObjectEntry[] = [];
  #at = 0;

  constructor(rule: SyncRule, tools: DeletionTools) {
    this.#rule = rule;
    this.#tools = tools;
  }

  /** Whether the object of an entry is still what the comparison saw. */
  async hasStill({ path, remote, after }: SyncEntry): Promise<boolean> {
    const key = this.#rule.prefix + path;
    let found = this.#find(key);
    if (found === undefined) {
      await this.#read(after ?? '');
      found = this.#find(key);
    }
    return found !== undefined && found.etag === remote?.etag && found.lastModified === remote.lastModified;
  }

  #find(key: string): ObjectEntry | undefined {
    const index = this.#page.findIndex((object, at) => at >= this.#at && object.key === key);
    if (index < 0) return undefined;
    this.#at = index + 1;
    return this.#page[index];
  }

  async #read(startAfter: string): Promise<void> {
    const { bucket, prefix } = this.#rule;
    const { atBucket, signal } = this.#tools;
    const start = startAfter === '' ? {} : { startAfter };
    const page = await retry(
      () => atBucket((connection) => listObjects(connection, bucket, { prefix, ...start, signal })),
      REQUEST_RETRY,
      signal,
    );
    this.#page = page.objects;
    this.#at = 0;
  }
}

function changedFile(path: string): WaybillError {
  return new WaybillError({ kind: 'file', reason: 'changed', path });
}

function changedObject(): Failure {
  const message = 'The object has changed since it was compared.';
  return { kind: 'oss', cause: 'changed', status: 412, code: 'PreconditionFailed', message };
}

function unconfirmed(): Failure {
  const message = 'OSS did not confirm the deletion.';
  return { kind: 'oss', cause: 'malformed', status: 200, code: 'MalformedReply', message };
}
