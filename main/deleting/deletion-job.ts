import { type Failure, toFailure } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { type DeleteFailure, deleteObjects, type KeyVersion } from '../oss/operations/deletes.ts';
import { MAX_DELETE_KEYS } from '../oss/limits.ts';
import { listObjects } from '../oss/operations/listing.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';

/** What the user confirmed: objects of a bucket by key, and everything below prefixes. */
export interface DeletionSubject {
  readonly accountId: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** The progress of a deletion. */
export interface DeletionProgress {
  readonly id: string;
  readonly accountId: string;
  readonly bucket: string;
  /** How many objects were confirmed; null if they weren't counted. */
  readonly total: number | null;
  readonly deleted: number;
  /** How many objects OSS didn't confirm. */
  readonly failedCount: number;
  readonly state: 'running' | 'stopped' | 'broken' | 'done';
  /** Why it is broken. */
  readonly failure: Failure | null;
  /** The bucket has versioning, so the delete markers can be removed again. */
  readonly canUndo: boolean;
}

/** How many deletions are allowed. */
export interface PermitDeletion {
  /** Asks for so many more, before each batch. A rejection stops the deletion, and so does the signal while it waits. */
  take(count: number, signal: AbortSignal): Promise<void>;
  /** Gives back those that are taken again before they happen. */
  giveBack(count: number): void;
}

/** Runs an operation on the bucket of the deletion. */
export type RunAtBucket = <T>(operation: (connection: Connection) => Promise<T>) => Promise<T>;

interface Batch {
  readonly keys: readonly string[];
  /** Found below a prefix: a retry lists it again. */
  readonly isFound: boolean;
}

/** DeleteMultipleObjects requests at a time. */
const PARALLEL = 3;

/** One deletion: what is left, failed or can be undone. In memory only, so nothing is deleted after a restart. */
export class DeletionJob {
  readonly id = crypto.randomUUID();
  readonly subject: DeletionSubject;
  readonly #run: RunAtBucket;
  readonly #permit: PermitDeletion;
  readonly #total: number | null;
  readonly #onChange: () => void;
  /** What is left, the next at the end: taking from there costs the same however many there are. */
  readonly #keys: string[];
  #prefixes: readonly string[];
  #abort = new AbortController();
  #deleted = 0;
  #state: DeletionProgress['state'] = 'running';
  #failure: Failure | null = null;
  #failed: DeleteFailure[] = [];
  #markers: KeyVersion[] = [];

  /** `onChange` is called whenever its progress changes. */
  constructor(
    subject: DeletionSubject,
    total: number | null,
    parts: { run: RunAtBucket; permit: PermitDeletion; onChange: () => void },
  ) {
    this.subject = subject;
    this.#total = total;
    this.#run = parts.run;
    this.#permit = parts.permit;
    this.#onChange = parts.onChange;
    this.#keys = subject.keys.toReversed();
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

  /** What OSS didn't confirm. */
  get failed(): readonly DeleteFailure[] {
    return this.#failed;
  }

  /** Deletes what is left and what failed before, until it is done, broken or stopped. Never rejects. */
  async run(): Promise<void> {
    this.#abort = new AbortController();
    for (const { key } of this.#failed) this.#keys.push(key);
    this.#failed = [];
    this.#failure = null;
    this.#setState('running');
    const batches = this.#batches();
    const workers = await Promise.allSettled(Array.from({ length: PARALLEL }, () => this.#deleteAll(batches)));
    const broken = workers.find((worker) => worker.status === 'rejected');
    if (broken === undefined) {
      this.#prefixes = [];
      this.#setState('done');
    } else {
      this.#failure = toFailure(broken.reason);
      this.#setState(this.#failure.kind === 'cancelled' ? 'stopped' : 'broken');
    }
  }

  /** Stops soon. What is deleted stays deleted. */
  stop(): void {
    this.#abort.abort();
  }

  /** Removes the delete markers, which restores the objects. @throws WaybillError what OSS answered */
  async undo(): Promise<{ readonly restored: number; readonly failedCount: number }> {
    const markers = [...this.#markers];
    const { failed } = await this.#run((connection) => deleteObjects(connection, this.subject.bucket, markers));
    // A deletion that was resumed meanwhile has added others.
    const removed = new Set(markers);
    this.#markers = this.#markers.filter((marker) => !removed.has(marker));
    return { restored: markers.length - failed.length, failedCount: failed.length };
  }

  async #deleteAll(batches: AsyncGenerator<Batch>): Promise<void> {
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      const { keys, isFound } = next.value;
      try {
        await this.#permit.take(keys.length, this.#abort.signal);
      } catch (error) {
        this.#breakOff(next.value);
        throw error;
      }
      try {
        await this.#delete(keys);
      } catch (error) {
        this.#breakOff(next.value);
        // The same keys are taken again. What a prefix lists then may be others, and these may be deleted.
        if (!isFound) this.#permit.giveBack(keys.length);
        throw error;
      }
    }
  }

  #breakOff({ keys, isFound }: Batch): void {
    if (!isFound) for (const key of keys) this.#keys.push(key);
    this.#abort.abort();
  }

  async #delete(keys: readonly string[]): Promise<void> {
    const objects = keys.map((key) => ({ key }));
    const { failed, markers } = await this.#retry((connection) =>
      deleteObjects(connection, this.subject.bucket, objects, this.#abort.signal),
    );
    this.#permit.giveBack(failed.length);
    this.#deleted += keys.length - failed.length;
    for (const each of failed) this.#failed.push(each);
    for (const each of markers) this.#markers.push(each);
    this.#onChange();
  }

  async *#batches(): AsyncGenerator<Batch> {
    while (this.#keys.length > 0) yield { keys: this.#keys.splice(-MAX_DELETE_KEYS).reverse(), isFound: false };
    for (const prefix of this.#prefixes) {
      let pageToken: string | undefined;
      do {
        const options = { prefix, pageToken, signal: this.#abort.signal };
        const page = await this.#retry((connection) => listObjects(connection, this.subject.bucket, options));
        if (page.objects.length > 0) yield { keys: page.objects.map(({ key }) => key), isFound: true };
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken !== undefined);
    }
  }

  /** One request among hundreds may be throttled. */
  #retry<T>(operation: (connection: Connection) => Promise<T>): Promise<T> {
    return retry(() => this.#run(operation), REQUEST_RETRY, this.#abort.signal);
  }

  #setState(state: DeletionProgress['state']): void {
    this.#state = state;
    this.#onChange();
  }
}
