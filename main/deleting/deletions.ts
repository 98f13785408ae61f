import type { RunAs } from '../accounts/accounts.ts';
import { WaybillError } from '../failure.ts';
import type { DeleteFailure } from '../oss/operations/deletes.ts';
import { Deletion, type DeletionProgress, type DeletionSubject } from './deletion-job.ts';

/** What deletions tell of. */
interface DeletionsNeed {
  readonly run: RunAs;
  /** All of them that were not dismissed; at most 10 times a second. */
  readonly onProgress: (all: readonly DeletionProgress[]) => void;
  /** Objects below these prefixes are gone: at the end, and every now and then before it. */
  readonly onGone: (subject: DeletionSubject) => void;
}

/** As many as a person may still want to take back. */
const MOST_ENDED = 20;
const TELL_EVERY_MS = 100;
const SHOW_EVERY_MS = 2000;

/** Deletions that are under way, or are over and can still be tried again or taken back. */
export class Deletions {
  readonly #need: DeletionsNeed;
  readonly #all = new Map<string, Deletion>();
  readonly #dismissed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(need: DeletionsNeed) {
    this.#need = need;
  }

  /** Those that were not dismissed. */
  list(): readonly DeletionProgress[] {
    return [...this.#all.values()].filter(({ id }) => !this.#dismissed.has(id)).map(({ progress }) => progress);
  }

  /** Whether anything is being deleted now. */
  get isWorking(): boolean {
    return [...this.#all.values()].some(({ progress }) => progress.state === 'running');
  }

  /** Begins to delete what a person confirmed; `total` is how many objects that are, as far as they were counted. */
  start(subject: DeletionSubject, total: number | null): string {
    let shownAt = Date.now();
    const deletion = new Deletion(subject, total, {
      run: (operation) => this.#need.run(subject.accountId, subject.bucket, operation),
      moved: () => {
        this.#tellSoon();
        if (Date.now() - shownAt < SHOW_EVERY_MS) return;
        shownAt = Date.now();
        this.#need.onGone(subject);
      },
    });
    this.#all.set(deletion.id, deletion);
    this.#forgetOld();
    void this.#work(deletion);
    return deletion.id;
  }

  stop(id: string): void {
    this.#all.get(id)?.stop();
  }

  /** Goes on with what is left, and with what failed. */
  goOn(id: string): void {
    const deletion = this.#of(id);
    if (deletion.progress.state !== 'running') void this.#work(deletion);
  }

  /** No longer listed; it can be taken back all the same. */
  dismiss(id: string): void {
    this.#dismissed.add(id);
    this.#tellSoon();
  }

  /** What could not be deleted. */
  failedOf(id: string): readonly DeleteFailure[] {
    return this.#of(id).failed;
  }

  /** Brings back what was deleted, where the bucket keeps versions. @throws WaybillError what OSS said */
  async undo(id: string): Promise<{ readonly restored: number; readonly failedCount: number }> {
    const deletion = this.#of(id);
    try {
      return await deletion.undo();
    } finally {
      this.#need.onGone(deletion.subject);
      this.#tellSoon();
    }
  }

  /** Stops all of them: nothing is deleted by itself at the next start. */
  close(): void {
    for (const deletion of this.#all.values()) deletion.stop();
  }

  async #work(deletion: Deletion): Promise<void> {
    await deletion.work();
    this.#need.onGone(deletion.subject);
  }

  #of(id: string): Deletion {
    const deletion = this.#all.get(id);
    if (deletion === undefined) throw new WaybillError({ kind: 'input', field: 'deletion', rule: 'unknown' });
    return deletion;
  }

  #forgetOld(): void {
    const ended = [...this.#all.values()].filter(({ progress }) => progress.state !== 'running');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) {
      this.#all.delete(id);
      this.#dismissed.delete(id);
    }
  }

  #tellSoon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#need.onProgress(this.list());
    }, TELL_EVERY_MS);
  }
}
