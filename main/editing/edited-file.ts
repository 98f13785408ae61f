import { type FSWatcher, watch } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunAs } from '../accounts/accounts-options.ts';
import { toFailure } from '../failure.ts';
import { classify } from '../transfers/retry-policy.ts';
import { fetchFile } from './fetch-file.ts';
import type { OpenedState } from './opened-file.ts';
import { dangerOf } from './program-types.ts';
import { type KnownState, saveFile, type SaveRule } from './save-file.ts';
import { contentOf, type Snapshot, stampOf, takeSnapshot } from './snapshot.ts';

/** How long to wait for an editor, in milliseconds. */
export interface EditPatience {
  /** A save is over once the folder has been quiet for so long … */
  readonly settleMs: number;
  /** … for a file that has become empty: editors truncate it first … */
  readonly emptyMs: number;
  /** … or once so much time has passed, for programs that write all the time. */
  readonly maxMs: number;
  /** Pause after a failed upload; doubles up to sixteen times this. */
  readonly retryMs: number;
  /** Where the system doesn't tell of changes, they are looked for so often. */
  readonly lookMs: number;
}

export const USUAL_PATIENCE: EditPatience = {
  ...{ settleMs: 400, emptyMs: 3_000, maxMs: 5_000 },
  ...{ retryMs: 5_000, lookMs: 2_000 },
};

/** What is written down about a file that is edited. */
export interface EditRecord {
  readonly id: string;
  readonly accountId: string;
  readonly bucket: string;
  readonly key: string;
  /** Of the copy. */
  readonly name: string;
  /** The state of the object that the copy began with, or was saved as. */
  readonly base: KnownState;
  /** CRC-64 of the last uploads that weren't answered. */
  readonly attempted: readonly string[];
}

/** More unanswered uploads in a row aren't recognised as one's own. */
const MAX_ATTEMPTED = 20;

interface EditedFileParts {
  readonly run: RunAs;
  readonly patience: EditPatience;
  readonly path: string;
  readonly snapshotPath: string;
  /** The state has changed. */
  readonly onChange: () => void;
  /** Writes the record down. Never rejects. */
  readonly onRecord: () => Promise<void>;
  readonly onStored: (key: string) => void;
}

/**
 * One file that an editor has open. Its folder is watched, since editors replace files as often as they rewrite them; only the
 * file itself counts, not what they leave beside it. Each save is brought back to OSS: one upload at a time, the last state wins.
 */
export class EditedFile {
  readonly #parts: EditedFileParts;
  readonly #stop = new AbortController();
  #record: EditRecord;
  #state: OpenedState;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | null = null;
  /** When the save that is waited for began; null if there is none. Milliseconds of a monotonic clock, as below. */
  #touchedAt: number | null = null;
  #emptySince: number | null = null;
  /** How the file looked when its content was compared last. */
  #seen = '';
  #failures = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(record: EditRecord, state: OpenedState, parts: EditedFileParts) {
    this.#record = record;
    this.#state = state;
    this.#parts = parts;
  }

  get record(): EditRecord {
    return this.#record;
  }

  get state(): OpenedState {
    return this.#state;
  }

  get path(): string {
    return this.#parts.path;
  }

  /** Whether the program that the system has for it could run it, instead of showing it. */
  get isProgram(): boolean {
    return dangerOf(this.#record.name) !== null;
  }

  /** Follows the folder from now on. */
  watch(): void {
    if (this.#watcher !== null || this.#looking !== null || this.#stop.signal.aborted) return;
    try {
      this.#watcher = watch(dirname(this.path), { persistent: false }, () => this.#touch());
      this.#watcher.on('error', () => this.#lookForChanges());
    } catch {
      // Linux has a limit of watched folders, which other programs use up.
      this.#lookForChanges();
    }
  }

  #lookForChanges(): void {
    this.#watcher?.close();
    if (this.#looking !== null || this.#stop.signal.aborted) return;
    let last: string | null = null;
    const look = async (): Promise<void> => {
      const stamp = await stampOf(this.path);
      if (stamp !== last) this.#touch();
      last = stamp;
    };
    this.#looking = setInterval(() => void look(), this.#parts.patience.lookMs).unref();
  }

  /** Saves what isn't saved, now. */
  save(): Promise<void> {
    this.watch();
    return this.#inTurn(() => this.#save('ask'));
  }

  /** Ends a conflict: stores this file instead, or under a free name, or takes the object's content into the file. */
  resolve(choice: 'mine' | 'both' | 'theirs'): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.at !== 'conflict') return;
      if (choice === 'theirs') await this.#takeTheirs();
      else await this.#save(choice);
      // What an editor saved meanwhile was still part of the conflict.
      if (this.state.at === 'saved') this.#touch();
    });
  }

  /** Whether the file holds what isn't in OSS. @throws WaybillError `file` if it can't be read, or is being written */
  async isUnsaved(): Promise<boolean> {
    const found = await contentOf(this.path);
    // In the middle of a save there may be only what is about to get its name; or a folder or a link instead of a file.
    if (found === 'missing') return (await readdir(dirname(this.path)).catch(() => [])).length > 0;
    return found.crc64 !== this.#record.base.crc64;
  }

  /** Whether an editor has left files beside this one, as it does while it has it open. */
  async isHeld(): Promise<boolean> {
    return (await readdir(dirname(this.path)).catch(() => [])).length > 1;
  }

  /** Stops following the file, and an upload that runs. */
  async close(): Promise<void> {
    this.#watcher?.close();
    clearTimeout(this.#timer);
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#stop.abort();
    await this.#work;
  }

  #touch(): void {
    if (this.#state.at === 'conflict') return;
    this.#touchedAt ??= performance.now();
    const { settleMs, maxMs } = this.#parts.patience;
    const restMs = this.#touchedAt + maxMs - performance.now();
    this.#saveIn(Math.max(0, Math.min(settleMs, restMs)));
  }

  #saveIn(ms: number): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#inTurn(() => this.#save('ask')), ms);
    this.#timer.unref();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work);
    return this.#work;
  }

  /** Never rejects: what went wrong becomes the state. */
  async #save(rule: SaveRule): Promise<void> {
    if (this.#stop.signal.aborted || (rule === 'ask' && this.#state.at === 'conflict')) return;
    this.#touchedAt = null;
    try {
      const stamp = await stampOf(this.path);
      // An event about another file of the folder.
      if (stamp === this.#seen && this.#state.at === 'saved') return;
      const found = await this.#snapshot();
      if (found === 'unstable') this.#touch();
      else if (found !== 'missing' && !this.#mustWait(found)) {
        await this.#store(found, rule);
        this.#seen = stamp;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      await this.#dropSnapshot();
    }
  }

  /** An empty file may be about to be written. */
  #mustWait({ sizeBytes }: Snapshot): boolean {
    if (sizeBytes > 0 || this.#record.base.sizeBytes === 0) {
      this.#emptySince = null;
      return false;
    }
    this.#emptySince ??= performance.now();
    const restMs = this.#emptySince + this.#parts.patience.emptyMs - performance.now();
    if (restMs > 0) this.#saveIn(restMs);
    return restMs > 0;
  }

  async #store(content: Snapshot, rule: SaveRule): Promise<void> {
    const { accountId, bucket, key, base, attempted } = this.#record;
    if (content.crc64 === base.crc64 && content.sizeBytes === base.sizeBytes && rule === 'ask') {
      if (this.#state.at !== 'saved') this.#setState({ at: 'saved', savedAt: null });
      return;
    }
    this.#setState({ at: 'saving' });
    const { run, snapshotPath: path, onStored } = this.#parts;
    await this.#setRecord({ attempted: [...attempted, content.crc64].slice(-MAX_ATTEMPTED) });
    const outcome = await run(accountId, bucket, (connection) =>
      saveFile({ connection, bucket, key, path, content, base, attempted, rule }, this.#stop.signal),
    );
    this.#failures = 0;
    if (outcome.kind === 'conflict') {
      await this.#setRecord({ attempted });
      this.#setState({ at: 'conflict', theirs: outcome.theirs });
      return;
    }
    await this.#setRecord({ base: outcome.state, key: outcome.key, attempted: [] });
    this.#setState({ at: 'saved', savedAt: Date.now() });
    onStored(outcome.key);
  }

  async #takeTheirs(): Promise<void> {
    const { accountId, bucket, key } = this.#record;
    const { run } = this.#parts;
    const watchNothing = { signal: this.#stop.signal, onProgress: () => undefined };
    try {
      const fetched = await run(accountId, bucket, (connection) =>
        fetchFile(connection, { bucket, key }, this.path, watchNothing),
      );
      const found = await this.#snapshot();
      if (typeof found === 'string') return;
      // An editor may have saved since.
      const { etag, crc64, sizeBytes } = fetched;
      const base = { etag, crc64: crc64 ?? found.crc64, sizeBytes: sizeBytes ?? found.sizeBytes };
      await this.#setRecord({ base, attempted: [] });
      this.#setState({ at: 'saved', savedAt: null });
    } catch (error) {
      this.#fail(error);
    } finally {
      await this.#dropSnapshot();
    }
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const because = toFailure(error);
    if (classify(because).action !== 'retry') {
      this.#setState({ at: 'failed', because });
      return;
    }
    this.#setState({ at: 'waiting', because });
    this.#saveIn(this.#parts.patience.retryMs * 2 ** Math.min(this.#failures, 4));
    this.#failures += 1;
  }

  #snapshot(): ReturnType<typeof takeSnapshot> {
    return takeSnapshot(this.path, this.#parts.snapshotPath);
  }

  async #dropSnapshot(): Promise<void> {
    await rm(this.#parts.snapshotPath, { force: true }).catch(() => undefined);
  }

  #setState(state: OpenedState): void {
    this.#state = state;
    this.#parts.onChange();
  }

  async #setRecord(changed: Partial<EditRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changed };
    await this.#parts.onRecord();
  }
}
