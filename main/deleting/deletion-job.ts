import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, toFailure } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { type DeleteFailure, deleteObjects, type KeyVersion } from '../oss/operations/deletes.ts';
import { MAX_DELETE_KEYS } from '../oss/limits.ts';
import { listObjects } from '../oss/operations/listing.ts';

/** What a person confirmed: objects of a bucket by their keys, and all that is below prefixes. */
export interface DeletionSubject {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** How far a deletion is. `failure` says why it broke. */
export interface DeletionProgress {
  readonly id: string;
  readonly accountId: string;
  readonly bucket: string;
  /** How many objects it is about; null where they were not counted. */
  readonly total: number | null;
  readonly deleted: number;
  /** Those that OSS did not confirm. */
  readonly failedCount: number;
  readonly state: 'running' | 'stopped' | 'broken' | 'done';
  readonly failure: Failure | null;
  /** The bucket keeps versions: the delete markers can be removed again. */
  readonly canUndo: boolean;
}

/** Runs an operation at the bucket of the subject. */
export type RunAtBucket = <T>(operation: (connection: Connection) => Promise<T>) => Promise<T>;

interface Batch {
  readonly keys: readonly string[];
  /** Listed again where it was not deleted. */
  readonly isFound: boolean;
}

/** DeleteMultipleObjects requests at once. */
const AT_ONCE = 3;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

/** One deletion: what is left of it, and what became of the rest. It lives in memory only, so that nothing is deleted after a restart. */
export class Deletion {
  readonly id = crypto.randomUUID();
  readonly subject: DeletionSubject;
  readonly #run: RunAtBucket;
  readonly #total: number | null;
  readonly #moved: () => void;
  #keys: string[];
  #prefixes: readonly string[];
  #abort = new AbortController();
  #deleted = 0;
  #state: DeletionProgress['state'] = 'running';
  #failure: Failure | null = null;
  #failed: DeleteFailure[] = [];
  #markers: KeyVersion[] = [];

  /** `moved` is called whenever its progress changed. */
  constructor(subject: DeletionSubject, total: number | null, parts: { run: RunAtBucket; moved: () => void }) {
    this.subject = subject;
    this.#total = total;
    this.#run = parts.run;
    this.#moved = parts.moved;
    this.#keys = [...subject.keys];
    this.#prefixes = subject.prefixes;
  }

  get progress(): DeletionProgress {
    const { accountId, bucket } = this.subject;
    return {
      ...{ id: this.id, accountId, bucket, total: this.#total, deleted: this.#deleted },
      ...{ failedCount: this.#failed.length, state: this.#state, failure: this.#failure },
      canUndo: this.#markers.length > 0,
    };
  }

  /** What OSS did not confirm. */
  get failed(): readonly DeleteFailure[] {
    return this.#failed;
  }

  /** Deletes what is left, and what failed before, until it is done, broken or stopped. Never rejects. */
  async work(): Promise<void> {
    this.#abort = new AbortController();
    for (const { key } of this.#failed) this.#keys.push(key);
    this.#failed = [];
    this.#failure = null;
    this.#become('running');
    const batches = this.#batches();
    const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => this.#workOff(batches)));
    const broken = workers.find((worker) => worker.status === 'rejected');
    if (broken === undefined) {
      this.#prefixes = [];
      this.#become('done');
    } else {
      this.#failure = toFailure(broken.reason);
      this.#become(this.#failure.kind === 'cancelled' ? 'stopped' : 'broken');
    }
  }

  /** What was deleted so far stays so. */
  stop(): void {
    this.#abort.abort();
  }

  /** Removes the delete markers, which brings back what was deleted. @throws WaybillError what OSS said */
  async undo(): Promise<{ readonly restored: number; readonly failedCount: number }> {
    const markers = this.#markers;
    const { failed } = await this.#run((connection) => deleteObjects(connection, this.subject.bucket, markers));
    this.#markers = [];
    return { restored: markers.length - failed.length, failedCount: failed.length };
  }

  async #workOff(batches: AsyncGenerator<Batch>): Promise<void> {
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      const { keys, isFound } = next.value;
      try {
        await this.#delete(keys);
      } catch (error) {
        if (!isFound) for (const key of keys) this.#keys.push(key);
        this.#abort.abort();
        throw error;
      }
    }
  }

  async #delete(keys: readonly string[]): Promise<void> {
    const objects = keys.map((key) => ({ key }));
    const { failed, markers } = await this.#persist((connection) =>
      deleteObjects(connection, this.subject.bucket, objects, this.#abort.signal),
    );
    this.#deleted += keys.length - failed.length;
    for (const each of failed) this.#failed.push(each);
    for (const each of markers) this.#markers.push(each);
    this.#moved();
  }

  async *#batches(): AsyncGenerator<Batch> {
    while (this.#keys.length > 0) yield { keys: this.#keys.splice(0, MAX_DELETE_KEYS), isFound: false };
    for (const prefix of this.#prefixes) {
      let pageToken: string | undefined;
      do {
        const options = { prefix, pageToken, signal: this.#abort.signal };
        const page = await this.#persist((connection) => listObjects(connection, this.subject.bucket, options));
        if (page.objects.length > 0) yield { keys: page.objects.map(({ key }) => key), isFound: true };
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken !== undefined);
    }
  }

  /** Tries again what passes by itself: a request among hundreds may be told to slow down. */
  async #persist<T>(operation: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#run(operation);
      } catch (error) {
        if (attempt === ATTEMPTS || this.#abort.signal.aborted || !isPassing(toFailure(error))) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal: this.#abort.signal });
      }
    }
  }

  #become(state: DeletionProgress['state']): void {
    this.#state = state;
    this.#moved();
  }
}

function isPassing(failure: Failure): boolean {
  return failure.kind === 'network' || (failure.kind === 'oss' && (failure.status >= 500 || failure.status === 429));
}
