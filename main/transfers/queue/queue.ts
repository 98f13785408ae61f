import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Failure } from '../../failure.ts';
import { folderPrefix } from '../../oss/key-path.ts';
import { transferAgentOf } from '../bytes/transfer-agent.ts';
import { type PlannedTransfer, expandDownloads, expandUploads } from './expand.ts';
import { expandCopies } from './expand-copies.ts';
import { linkTask, type LinkRequest } from './link-task.ts';
import { Bandwidth } from '../bytes/rate-limit.ts';
import type {
  NewCopies,
  NewDownloads,
  NewLinkDownload,
  NewLinkUpload,
  OverwriteChoice,
  QueueOptions,
  TransferLimits,
  NewUploads,
} from '../tasks/requests.ts';
import { Scheduler } from './scheduler.ts';
import { hasEnded } from '../tasks/state.ts';
import { TaskStore } from '../tasks/task-store.ts';
import { type Batch, Task, type Work } from '../tasks/task.ts';
import type { Move, Priority, Transfer } from '../tasks/transfer.ts';

/** Links that are added before others get their turn. */
const LINKS_A_TURN = 50;

/** Whom a command is for: named transfers, or all to which it means something. */
export type Selection = readonly string[] | 'all';

/** All transfers: what people add, and what they do to it. */
export class TransferQueue {
  readonly #options: QueueOptions;
  readonly #bandwidth: Bandwidth;
  readonly #store: TaskStore;
  readonly #scheduler: Scheduler;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#bandwidth = transferAgentOf(options.dispatcher)?.bandwidth ?? new Bandwidth();
    this.#store = new TaskStore(options);
    this.#scheduler = new Scheduler(this.#store, options);
    if (options.limits !== undefined) this.setLimits(options.limits);
  }

  /** All transfers in the order in which they were added; what is in a folder is not among them. */
  list(): readonly Transfer[] {
    return this.#tasksOf('all').map((task) => task.toTransfer());
  }

  /** Gives what of these folders is under way or needs somebody, and tells of it from now on; of no other folder. */
  open(folderIds: readonly string[]): readonly Transfer[] {
    this.#store.open(folderIds);
    const children = folderIds.flatMap((id) => [...(this.#store.get(id)?.content?.children ?? [])]);
    return children.map((child) => child.toTransfer());
  }

  /** Adds files and folders; gives how many transfers that made. What is in a folder is found while it is under way. */
  addUploads(request: NewUploads): Promise<number> {
    return this.add(expandUploads(request));
  }

  /** Adds objects and prefixes; gives how many transfers that made. */
  addDownloads(request: NewDownloads): Promise<number> {
    return this.add(expandDownloads(request));
  }

  /**
   * Adds copies of objects and of what is below prefixes; gives how many transfers that made. `choice` answers beforehand
   * what becomes of what is there already.
   * @throws WaybillError `input` for what would be copied onto or into itself
   */
  addCopies(request: NewCopies, choice: OverwriteChoice | null = null): Promise<number> {
    return this.add(expandCopies(request), choice);
  }

  /** Adds what was found; gives how many transfers that made. `choice`: as for copies. */
  async add(
    found: AsyncIterable<PlannedTransfer> | Iterable<PlannedTransfer>,
    choice: OverwriteChoice | null = null,
  ): Promise<number> {
    const batch: Batch = { choice };
    let count = 0;
    for await (const { work, name, sizeBytes, failure } of found) {
      if (this.#scheduler.isClosed) break;
      const task = this.#make(work, name, batch);
      task.sizeBytes = sizeBytes;
      this.#add(task, failure);
      count += 1;
    }
    return count;
  }

  /** Adds a download through a signed URL and gives its ID. One that waits for a fresh link goes on with this one. */
  addLinkDownload(request: NewLinkDownload): string {
    return this.#addLink({ ...request, kind: 'download' });
  }

  /** Adds downloads through signed URLs that belong together, without holding up the process; gives their IDs. */
  async addLinkDownloads(requests: readonly NewLinkDownload[]): Promise<readonly string[]> {
    const batch: Batch = { choice: null };
    const ids: string[] = [];
    for (const [index, request] of requests.entries()) {
      if (this.#scheduler.isClosed) break;
      ids.push(this.#addLink({ ...request, kind: 'download' }, batch));
      if (index % LINKS_A_TURN === LINKS_A_TURN - 1) await nextTurn();
    }
    return ids;
  }

  /** Adds an upload through a signed URL and gives its ID. One that waits for a fresh link goes on with this one. */
  addLinkUpload(request: NewLinkUpload): string {
    return this.#addLink({ ...request, kind: 'upload' });
  }

  pause(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) this.#scheduler.stop(task, { type: 'pause' });
  }

  resume(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) {
      if (selection !== 'all' || task.state.at === 'paused') this.#scheduler.resume(task, { type: 'resume' });
    }
  }

  /** Stops for good and removes what was there of it, on both sides. */
  cancel(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) this.#scheduler.stop(task, { type: 'cancel' });
  }

  /** Tries again what failed or was cancelled; `all` means what failed. */
  retry(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) {
      if (selection === 'all' && task.state.at !== 'failed') continue;
      if (!this.#expandAgain(task)) this.#scheduler.resume(task, { type: 'retry' });
    }
  }

  /** Changes when transfers get their turn, among those of the same priority. */
  move(ids: readonly string[], where: Move): void {
    const tasks = this.#tasksOf(ids).toSorted((a, b) => a.record.rank - b.record.rank);
    // From the end that they move to, so that they keep their own order.
    if (where === 'top' || where === 'down') tasks.reverse();
    for (const task of tasks) {
      if (where === 'top' || where === 'bottom') {
        this.#scheduler.rank(new Map([[task, { rank: this.#store.newRank(where) }]]));
      } else {
        this.#scheduler.swap(task, where === 'up' ? -1 : 1);
      }
    }
  }

  /** Transfers of a higher priority get their turn first; what runs is not stopped. */
  prioritise(ids: readonly string[], priority: Priority): void {
    this.#scheduler.rank(new Map(this.#tasksOf(ids).map((task) => [task, { priority }])));
  }

  /** What runs obeys new bandwidth limits at once; with fewer slots or connections it keeps those that it has. */
  setLimits(limits: TransferLimits): void {
    this.#bandwidth.set(limits);
    this.#scheduler.setLimits(limits);
  }

  /** Lets an account's transfers that wait for credentials go on: there are new ones. */
  credentialsRenewed(accountId: string): void {
    for (const task of this.#store.tasks) {
      if (task.accountId !== accountId) continue;
      task.wasRefreshed = false;
      if (task.state.at === 'blocked' && task.state.need === 'credentials') {
        this.#scheduler.apply(task, { type: 'unblock' });
      }
    }
  }

  /**
   * Answers a transfer that waits for an overwrite choice, and with `applyToAll` all others that were added with it. For
   * a folder the answer counts for all that is in it.
   */
  choose(id: string, choice: OverwriteChoice, applyToAll: boolean): void {
    const chosen = this.#store.get(id);
    if (chosen === undefined) return;
    if (applyToAll) chosen.batch.choice = choice;
    for (const task of [...this.#store.tasks]) {
      if (task === chosen || task.parent === chosen || (applyToAll && task.batch === chosen.batch)) {
        this.#answer(task, choice);
      }
    }
  }

  /** Forgets all transfers that have ended, but for failed ones: those stay until somebody has dealt with them. */
  clear(): void {
    for (const task of this.#tasksOf('all')) {
      if (!hasEnded(task.state) || task.state.at === 'failed') continue;
      if (task.run === null) this.#scheduler.remove(task);
      else void task.run.settled.then(() => this.#scheduler.remove(task));
    }
  }

  /** The local file of a transfer, null for an unknown ID. */
  localPathOf(id: string): string | null {
    return this.#store.get(id)?.toTransfer().localPath ?? null;
  }

  /** Stops all work. With a journal, what was not finished goes on at the next start. */
  async close(): Promise<void> {
    await this.#scheduler.close();
    this.#store.close();
  }

  #answer(task: Task, choice: OverwriteChoice): void {
    const isAsked = task.state.at === 'blocked' && task.state.need === 'overwrite-choice';
    if (!isAsked && task.content === null) return;
    task.record = { ...task.record, choice };
    this.#store.record(task);
    if (task.content === null) this.#scheduler.apply(task, choice === 'skip' ? { type: 'skip' } : { type: 'unblock' });
  }

  #addLink(request: LinkRequest, batch: Batch = { choice: null }): string {
    const made = linkTask(request);
    let waiting: Task | undefined;
    for (const task of this.#store.tasks) if (made.isSame(task)) waiting ??= task;
    const task = waiting ?? this.#make(made.work, made.name, batch);
    task.link = made.link;
    if (waiting === undefined) this.#add(task, null);
    else this.#scheduler.apply(waiting, { type: 'unblock' });
    return task.id;
  }

  #make(work: Work, name: string, batch: Batch): Task {
    const place = { rank: this.#store.newRank('bottom'), priority: 'normal', folder: null } as const;
    const rule = this.#options.overwrite?.() ?? 'ask';
    // What was answered beforehand counts for these alone, and before what counts for all.
    const choice = batch.choice ?? (rule === 'ask' ? null : rule);
    const record = { id: crypto.randomUUID(), createdAt: Date.now(), work, name, choice, ...place };
    return new Task(record, null, batch);
  }

  #add(task: Task, failure: Failure | null): void {
    this.#store.add(task);
    if (failure === null) this.#scheduler.add(task);
    else this.#scheduler.apply(task, { type: 'give-up', because: failure });
  }

  /** A folder that could not be read stands for what may be in it: trying again means to look again. */
  #expandAgain(task: Task): boolean {
    const { work } = task.record;
    if (task.state.at !== 'failed' || task.parent !== null) return false;
    if (work.kind !== 'upload' || work.what !== 'unread') return false;
    const prefix = folderPrefix(work.key);
    void this.add(expandUploads({ ...work, prefix, paths: [work.path] }));
    this.#scheduler.remove(task);
    return true;
  }

  #tasksOf(selection: Selection): readonly Task[] {
    if (selection === 'all') return [...this.#store.tasks].filter(({ parent }) => parent === null);
    return selection.flatMap((id) => this.#store.get(id) ?? []);
  }
}
