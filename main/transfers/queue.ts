import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Failure } from '../failure.ts';
import { type Expanded, expandDownloads, expandUploads } from './expand.ts';
import { expandCopies, requestOf } from './expand-copies.ts';
import { Journal } from './journal.ts';
import { linkTask, type LinkRequest } from './link-task.ts';
import { ProgressBatches } from './progress.ts';
import type {
  CopyRequest,
  DownloadRequest,
  LinkDownloadRequest,
  LinkUploadRequest,
  OverwriteChoice,
  QueueOptions,
  UploadRequest,
} from './requests.ts';
import { hasEnded, next, type TransferEvent } from './state.ts';
import { TaskRunner } from './task-runner.ts';
import { type Batch, Task } from './task.ts';
import type { Transfer } from './transfer.ts';

/** Transfers that run at the same time. */
const PARALLEL_TRANSFERS = 3;

/** Links that are added before others get their turn. */
const LINKS_A_TURN = 50;

/** How often a running transfer shows its speed although no byte came through. */
const SPEED_TICK_MS = 500;

/** All transfers: their order, how many run at once, and what people do to them. */
export class TransferQueue {
  readonly #options: QueueOptions;
  readonly #journal: Journal | null;
  readonly #progress: ProgressBatches;
  readonly #tasks = new Map<string, Task>();
  /** Those that wait for their turn, in order. */
  readonly #queued = new Set<Task>();
  readonly #timers = new Map<Task, NodeJS.Timeout>();
  readonly #runner: TaskRunner;
  readonly #ticker: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#progress = new ProgressBatches((id) => this.#tasks.get(id)?.toTransfer() ?? null, options.onBatch);
    const { journal, tasks } =
      options.journalFile === null ? { journal: null, tasks: [] } : Journal.open(options.journalFile);
    this.#journal = journal;
    this.#runner = new TaskRunner({
      options,
      journal,
      apply: (task, event) => this.#apply(task, event),
      record: (task) => this.#record(task),
      changed: (task) => this.#changed(task),
      freed: () => this.#fill(),
    });
    this.#ticker = setInterval(() => {
      for (const task of this.#runner.running) this.#changed(task);
    }, SPEED_TICK_MS);
    for (const task of tasks) {
      this.#tasks.set(task.id, task);
      if (task.state.at === 'queued') this.#queued.add(task);
    }
    // Not inside the constructor: whoever made the queue is told only once it has it.
    setImmediate(() => this.#fill());
  }

  /** All transfers in the order in which they were added. */
  list(): readonly Transfer[] {
    return [...this.#tasks.values()].map((task) => task.toTransfer());
  }

  /** Adds files and what is in folders; gives how many transfers that made. The first begin while others are found. */
  addUploads(request: UploadRequest): Promise<number> {
    return this.#addAll(expandUploads(request));
  }

  /** Adds objects and what is below prefixes; gives how many transfers that made. */
  addDownloads(request: DownloadRequest): Promise<number> {
    const connection = () => this.#options.connection(request.accountId, request.bucket);
    return this.#addAll(expandDownloads(connection, request));
  }

  /**
   * Adds copies of objects and of what is below prefixes; gives how many transfers that made.
   * @throws WaybillError `input` for what would be copied onto or into itself
   */
  addCopies(request: CopyRequest): Promise<number> {
    const { accountId, bucket } = request.from;
    return this.#addAll(expandCopies(() => this.#options.connection(accountId, bucket), request));
  }

  /** Adds a download through a signed URL and gives its ID. One that waits for a fresh link goes on with this one. */
  addLinkDownload(request: LinkDownloadRequest): string {
    return this.#addLink({ ...request, kind: 'download' });
  }

  /** Adds downloads through signed URLs that belong together, without holding up the process; gives how many. */
  async addLinkDownloads(requests: readonly LinkDownloadRequest[]): Promise<number> {
    const batch: Batch = { choice: null };
    for (const [index, request] of requests.entries()) {
      if (this.#isClosed) return index;
      this.#addLink({ ...request, kind: 'download' }, batch);
      if (index % LINKS_A_TURN === LINKS_A_TURN - 1) await nextTurn();
    }
    return requests.length;
  }

  /** Adds an upload through a signed URL and gives its ID. One that waits for a fresh link goes on with this one. */
  addLinkUpload(request: LinkUploadRequest): string {
    return this.#addLink({ ...request, kind: 'upload' });
  }

  pause(ids: readonly string[]): void {
    this.#each(ids, (task) => this.#stop(task, { type: 'pause' }));
  }

  resume(ids: readonly string[]): void {
    this.#each(ids, (task) => this.#apply(task, { type: 'resume' }));
  }

  /** Stops for good and removes what was there of it, on both sides. */
  cancel(ids: readonly string[]): void {
    this.#each(ids, (task) => {
      this.#stop(task, { type: 'cancel' });
      if (task.run === null) this.#runner.cleanUp(task);
    });
  }

  retry(ids: readonly string[]): void {
    this.#each(ids, (task) => {
      task.attempts = 0;
      task.wasRefreshed = false;
      if (!this.#expandAgain(task)) this.#apply(task, { type: 'retry' });
    });
  }

  /** Lets an account's transfers that wait for credentials go on: there are new ones. */
  credentialsRenewed(accountId: string): void {
    for (const task of this.#tasks.values()) {
      if (task.toTransfer().accountId !== accountId) continue;
      task.wasRefreshed = false;
      if (task.state.at === 'blocked' && task.state.need === 'credentials') this.#apply(task, { type: 'unblock' });
    }
  }

  /** Answers a transfer that waits for an overwrite choice, and with `applyToAll` all others that were added with it. */
  choose(id: string, choice: OverwriteChoice, applyToAll: boolean): void {
    const chosen = this.#tasks.get(id);
    if (chosen === undefined) return;
    if (applyToAll) chosen.batch.choice = choice;
    const asked = applyToAll ? [...this.#tasks.values()].filter(({ batch }) => batch === chosen.batch) : [chosen];
    for (const task of asked) {
      if (task.state.at !== 'blocked' || task.state.need !== 'overwrite-choice') continue;
      task.record = { ...task.record, choice };
      this.#record(task);
      this.#apply(task, choice === 'skip' ? { type: 'skip' } : { type: 'unblock' });
    }
  }

  /** Forgets all transfers that have ended, but for failed ones: those stay until somebody has dealt with them. */
  clear(): void {
    for (const task of [...this.#tasks.values()]) {
      if (!hasEnded(task.state) || task.state.at === 'failed') continue;
      if (task.run === null) this.#remove(task);
      else void task.run.settled.then(() => this.#remove(task));
    }
  }

  /** The local file of a transfer, null for an unknown ID. */
  localPathOf(id: string): string | null {
    return this.#tasks.get(id)?.toTransfer().localPath ?? null;
  }

  /** Stops all work. With a journal, what was not finished goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#runner.stop();
    if (this.#journal === null) for (const task of this.#tasks.values()) this.#runner.cleanUp(task);
    await this.#runner.cleaned();
    this.#progress.close();
    this.#journal?.close();
  }

  async #addAll(found: AsyncIterable<Expanded>): Promise<number> {
    const batch: Batch = { choice: null };
    let count = 0;
    for await (const { work, name, sizeBytes, failure } of found) {
      if (this.#isClosed) break;
      const task = new Task({ id: crypto.randomUUID(), createdAt: Date.now(), work, name, choice: null }, batch);
      task.sizeBytes = sizeBytes;
      this.#add(task, failure);
      count += 1;
    }
    return count;
  }

  #addLink(request: LinkRequest, batch?: Batch): string {
    const made = linkTask(request, batch);
    let waiting: Task | undefined;
    for (const task of this.#tasks.values()) if (made.isSame(task)) waiting ??= task;
    const task = waiting ?? made.task;
    task.link = made.link;
    if (waiting === undefined) this.#add(task, null);
    else this.#apply(waiting, { type: 'unblock' });
    return task.id;
  }

  #add(task: Task, failure: Failure | null): void {
    this.#tasks.set(task.id, task);
    this.#record(task);
    if (failure === null) {
      this.#queued.add(task);
      this.#progress.changed(task.id);
      this.#fill();
    } else {
      this.#apply(task, { type: 'give-up', because: failure });
    }
  }

  /** A folder or prefix that could not be read stands for what may be in it: trying again means to look again. */
  #expandAgain(task: Task): boolean {
    const { work } = task.record;
    if (task.state.at !== 'failed') return false;
    if (work.kind === 'upload' && work.what === 'unread') {
      const prefix = work.key.slice(0, work.key.lastIndexOf('/') + 1);
      void this.#addAll(expandUploads({ ...work, prefix, paths: [work.path] }));
    } else if (work.kind === 'download' && work.what === 'unlisted') {
      void this.addDownloads({ ...work, keys: [], prefixes: [work.key], folder: work.path });
    } else if (work.kind === 'copy' && work.what === 'unlisted') {
      void this.addCopies(requestOf(work));
    } else {
      return false;
    }
    this.#remove(task);
    return true;
  }

  #remove(task: Task): void {
    this.#runner.cleanUp(task);
    this.#tasks.delete(task.id);
    this.#queued.delete(task);
    this.#journal?.write({ type: 'gone', id: task.id });
    this.#progress.removed(task.id);
  }

  #each(ids: readonly string[], act: (task: Task) => void): void {
    for (const id of ids) {
      const task = this.#tasks.get(id);
      if (task !== undefined) act(task);
    }
  }

  #stop(task: Task, event: TransferEvent): void {
    this.#apply(task, event);
    if (task.state.at !== 'running' && task.state.at !== 'verifying') task.run?.abort.abort();
  }

  #apply(task: Task, event: TransferEvent): void {
    const before = task.state;
    const after = next(before, event);
    if (after === before) return;
    task.state = after;
    clearTimeout(this.#timers.get(task));
    this.#timers.delete(task);
    if (after.at === 'queued') this.#queued.add(task);
    else this.#queued.delete(task);
    if (after.at === 'waiting') {
      const timer = setTimeout(() => this.#apply(task, { type: 'due' }), Math.max(0, after.retryAt - Date.now()));
      this.#timers.set(task, timer);
    }
    // A transfer at work is queued again after a restart, as it was before.
    if (!['running', 'verifying', 'waiting'].includes(after.at)) {
      this.#journal?.write({ type: 'state', id: task.id, state: after });
    }
    this.#changed(task);
    this.#fill();
  }

  #record(task: Task): void {
    this.#journal?.write({ type: 'task', task: task.record, sizeBytes: task.sizeBytes });
  }

  #fill(): void {
    if (this.#isClosed) return;
    for (const task of this.#queued) {
      if (this.#runner.running.size >= PARALLEL_TRANSFERS) return;
      // Its work was told to stop and has not heard of it yet.
      if (task.run === null) this.#runner.start(task);
    }
  }

  #changed(task: Task): void {
    if (this.#tasks.has(task.id)) this.#progress.changed(task.id);
  }
}
