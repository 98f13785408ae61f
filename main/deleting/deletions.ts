import type { RunAs } from '../accounts/accounts-options.ts';
import { WaybillError } from '../failure.ts';
import type { DeleteFailure } from '../oss/operations/deletes.ts';
import { DeletionJob, type DeletionProgress, type DeletionSubject, type PermitDeletion } from './deletion-job.ts';

interface DeletionsOptions {
  readonly run: RunAs;
  /** Reports all that weren't dismissed, at most 10 times a second. */
  readonly onProgress: (all: readonly DeletionProgress[]) => void;
  /** Objects of a deletion are gone or restored: called every two seconds and at the end. */
  readonly onGone: (subject: DeletionSubject) => void;
}

/** How many ended deletions can still be resumed or undone. */
const MAX_ENDED = 20;
const PROGRESS_EVERY_MS = 100;
const GONE_EVERY_MS = 2000;

/** The deletions of this run: those that are running, and those that can still be resumed or undone. */
export class Deletions {
  readonly #options: DeletionsOptions;
  readonly #all = new Map<string, DeletionJob>();
  readonly #dismissed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: DeletionsOptions) {
    this.#options = options;
  }

  /** The progress of those that weren't dismissed. */
  list(): readonly DeletionProgress[] {
    return [...this.#all.values()].filter(({ id }) => !this.#dismissed.has(id)).map(({ progress }) => progress);
  }

  /** Whether a deletion is running. */
  get isRunning(): boolean {
    return [...this.#all.values()].some(({ progress }) => progress.state === 'running');
  }

  /**
   * Starts to delete what the user confirmed and returns the deletion's ID. `total`: null if they weren't counted;
   * `permit` is asked before each batch.
   */
  start(subject: DeletionSubject, total: number | null, permit: PermitDeletion): string {
    let goneAt = performance.now();
    const deletion = new DeletionJob(subject, total, {
      permit,
      run: (operation) => this.#options.run(subject.accountId, subject.bucket, operation),
      onChange: () => {
        this.#reportSoon();
        if (performance.now() - goneAt < GONE_EVERY_MS) return;
        goneAt = performance.now();
        this.#options.onGone(subject);
      },
    });
    this.#all.set(deletion.id, deletion);
    this.#forgetOld();
    void this.#run(deletion);
    return deletion.id;
  }

  /** Stops and drops all deletions. */
  clear(): void {
    for (const deletion of this.#all.values()) deletion.stop();
    this.#all.clear();
    this.#dismissed.clear();
  }

  /** Stops a deletion; an unknown one is ignored. */
  stop(id: string): void {
    this.#all.get(id)?.stop();
  }

  /** Resumes with what is left and what failed. @throws WaybillError `input` for an unknown ID */
  resume(id: string): void {
    const deletion = this.#of(id);
    if (deletion.progress.state !== 'running') void this.#run(deletion);
  }

  /** Removes a deletion from the list; it can still be undone. */
  dismiss(id: string): void {
    this.#dismissed.add(id);
    this.#reportSoon();
  }

  /** What couldn't be deleted. @throws WaybillError `input` for an unknown ID */
  failedOf(id: string): readonly DeleteFailure[] {
    return this.#of(id).failed;
  }

  /** Restores what was deleted; needs versioning. @throws WaybillError what OSS answered, `input` for an unknown ID */
  async undo(id: string): Promise<{ readonly restored: number; readonly failedCount: number }> {
    const deletion = this.#of(id);
    try {
      return await deletion.undo();
    } finally {
      this.#options.onGone(deletion.subject);
      this.#reportSoon();
    }
  }

  /** Stops all deletions. They don't resume at the next start. */
  close(): void {
    for (const deletion of this.#all.values()) deletion.stop();
  }

  async #run(deletion: DeletionJob): Promise<void> {
    await deletion.run();
    this.#options.onGone(deletion.subject);
  }

  #of(id: string): DeletionJob {
    const deletion = this.#all.get(id);
    if (deletion === undefined) throw new WaybillError({ kind: 'input', field: 'deletion', rule: 'unknown' });
    return deletion;
  }

  #forgetOld(): void {
    const ended = [...this.#all.values()].filter(({ progress }) => progress.state !== 'running');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) {
      this.#all.delete(id);
      this.#dismissed.delete(id);
    }
  }

  #reportSoon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#options.onProgress(this.list());
    }, PROGRESS_EVERY_MS);
  }
}
