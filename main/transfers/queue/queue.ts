import { setImmediate as nextTurn } from 'node:timers/promises';
import { needsCustomDomain } from '../../failure.ts';
import { folderPrefix } from '../../oss/key-path.ts';
import { bandwidthOf } from '../../http/transmit.ts';
import { expandDownloads, expandUploads } from './expand.ts';
import type { PlannedTransfer } from './planned-transfer.ts';
import { expandCopies } from './expand-copies.ts';
import { downloadName, planLinkTask, type LinkRequest } from './link-task.ts';
import { Bandwidth } from '../../http/bandwidth.ts';
import type {
  NewCopies,
  NewDownloads,
  NewLinkDownload,
  NewLinkUpload,
  NewTicketUpload,
  OverwriteChoice,
  QueueOptions,
  TransferLimits,
  NewUploads,
} from '../tasks/requests.ts';
import { QueueDriver } from './driver.ts';
import { hasEnded } from '../tasks/state.ts';
import { type Batch, Task, type Work } from '../tasks/task.ts';
import type { Move, Priority, Transfer } from '../tasks/transfer.ts';

/** Number of links added before yielding to the event loop. */
const LINKS_PER_TURN = 50;

/** The transfers a command applies to: the given IDs, or all for which it makes sense. */
export type Selection = readonly string[] | 'all';

/** The queue of all transfers: adds them, and carries out what people do with them. */
export class TransferQueue {
  readonly #options: QueueOptions;
  readonly #bandwidth: Bandwidth;
  readonly #driver: QueueDriver;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#bandwidth = bandwidthOf(options.dispatcher) ?? new Bandwidth();
    this.#driver = new QueueDriver(options);
    if (options.limits !== undefined) this.setLimits(options.limits);
  }

  /** Returns all top-level transfers in the order in which they were added, without the contents of folders. */
  list(): readonly Transfer[] {
    return this.#tasksOf('all').map((task) => task.toTransfer());
  }

  /**
   * Returns the unfinished children of these folders, and reports changes in them from now on, in these folders only.
   */
  openFolders(folderIds: readonly string[]): readonly Transfer[] {
    this.#driver.watchFolders(folderIds);
    const children = folderIds.flatMap((id) => [...(this.#get(id)?.content?.children ?? [])]);
    return children.map((child) => child.toTransfer());
  }

  /**
   * Adds files and folders, and returns the IDs of the transfers added. A folder's content is discovered while it runs.
   * `choice`: as in addCopies().
   */
  addUploads(request: NewUploads, choice: OverwriteChoice | null = null): Promise<readonly string[]> {
    return this.add(expandUploads(request), choice);
  }

  /** Adds objects and prefixes, and returns the IDs of the transfers added. */
  addDownloads(request: NewDownloads): Promise<readonly string[]> {
    return this.add(expandDownloads(request));
  }

  /**
   * Adds copies of objects and of everything below prefixes, and returns the IDs of the transfers added: of the keys,
   * then of the prefixes, in their order. `choice` decides about existing targets in advance.
   * @throws WaybillError `input` for a copy onto or into itself
   */
  addCopies(request: NewCopies, choice: OverwriteChoice | null = null): Promise<readonly string[]> {
    return this.add(expandCopies(request), choice);
  }

  /** Adds planned transfers, and returns their IDs. `choice`: as in addCopies(). */
  async add(
    found: AsyncIterable<PlannedTransfer> | Iterable<PlannedTransfer>,
    choice: OverwriteChoice | null = null,
  ): Promise<readonly string[]> {
    const batch: Batch = { choice };
    const ids: string[] = [];
    for await (const { work, name, sizeBytes, failure } of found) {
      if (this.#driver.state.isClosed) break;
      const task = this.#createTask(work, name, batch);
      task.change({ sizeBytes });
      this.#driver.dispatch({ type: 'add', task, failure });
      ids.push(task.id);
    }
    return ids;
  }

  /**
   * Adds a download through a signed URL and returns its ID. A matching transfer that waits for a fresh link resumes
   * with this one instead.
   */
  addLinkDownload(request: NewLinkDownload): string {
    return this.#addLink({ ...request, kind: 'download' });
  }

  /** Adds downloads through signed URLs as one batch, without blocking the event loop; returns their IDs. */
  async addLinkDownloads(requests: readonly NewLinkDownload[]): Promise<readonly string[]> {
    const batch: Batch = { choice: null };
    const ids: string[] = [];
    for (const [index, request] of requests.entries()) {
      if (this.#driver.state.isClosed) break;
      ids.push(this.#addLink({ ...request, kind: 'download' }, batch));
      if (index % LINKS_PER_TURN === LINKS_PER_TURN - 1) await nextTurn();
    }
    return ids;
  }

  /**
   * Adds an upload through a signed URL and returns its ID. A matching transfer that waits for a fresh link resumes
   * with this one instead.
   */
  addLinkUpload(request: NewLinkUpload): string {
    return this.#addLink({ ...request, kind: 'upload' });
  }

  /**
   * Adds an upload through an upload ticket and returns its ID. A matching transfer that waits for a ticket resumes with
   * this one instead.
   */
  addTicketUpload(request: NewTicketUpload): string {
    return this.#addLink({ ...request, kind: 'ticket' });
  }

  pause(selection: Selection): void {
    for (const task of this.#tasksOf(selection))
      this.#driver.dispatch({ type: 'stop', task, event: { type: 'pause' } });
  }

  resume(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) {
      if (selection === 'all' && task.state.at !== 'paused') continue;
      this.#driver.dispatch({ type: 'go-on', task, event: { type: 'resume' } });
    }
  }

  /** Stops permanently and removes partial data, here and in OSS. */
  cancel(selection: Selection): void {
    for (const task of this.#tasksOf(selection))
      this.#driver.dispatch({ type: 'stop', task, event: { type: 'cancel' } });
  }

  /** Retries what failed or was cancelled; `all` covers failed transfers only. */
  retry(selection: Selection): void {
    for (const task of this.#tasksOf(selection)) {
      if (selection === 'all' && task.state.at !== 'failed') continue;
      if (!this.#expandAgain(task)) this.#driver.dispatch({ type: 'go-on', task, event: { type: 'retry' } });
    }
  }

  /** Retries what failed for want of a custom domain of this bucket, once one was chosen; the rest of a folder stays as it is. */
  domainChosen({ accountId, bucket }: { readonly accountId: string; readonly bucket: string }): void {
    const isMeant = ({ state, record: { work } }: Task): boolean => {
      const ends = [...('accountId' in work ? [work] : []), ...('source' in work ? [work.source] : [])];
      const isOfBucket = ends.some((end) => end.accountId === accountId && end.bucket === bucket);
      return isOfBucket && state.at === 'failed' && needsCustomDomain(state.because);
    };
    // A folder follows those of its children that go on, and would take all others along.
    const failed = [...this.#driver.state.tasks.values()].filter(
      (task) => isMeant(task) && ![...(task.content?.children ?? [])].some(isMeant),
    );
    this.retry(failed.map(({ id }) => id));
  }

  /** Moves transfers among those of the same priority. */
  move(ids: readonly string[], where: Move): void {
    const tasks = this.#tasksOf(ids).toSorted((a, b) => a.record.rank - b.record.rank);
    // Start at the end they move to, so that they keep their relative order.
    if (where === 'top' || where === 'down') tasks.reverse();
    for (const task of tasks) {
      if (where === 'top' || where === 'bottom') {
        const changes = new Map([[task, { rank: this.#driver.state.newRank(where) }]]);
        this.#driver.dispatch({ type: 'rank', changes });
      } else {
        this.#driver.dispatch({ type: 'swap', task, step: where === 'up' ? -1 : 1 });
      }
    }
  }

  /** Sets a priority. Higher ones start first; running transfers are not stopped. */
  prioritise(ids: readonly string[], priority: Priority): void {
    const changes = new Map(this.#tasksOf(ids).map((task) => [task, { priority }]));
    this.#driver.dispatch({ type: 'rank', changes });
  }

  /**
   * Sets limits. Bandwidth applies to running transfers at once, connections from their next request on, slots only to
   * those that start later.
   */
  setLimits(limits: TransferLimits): void {
    this.#bandwidth.set(limits);
    const { slots, connections } = limits;
    this.#driver.dispatch({ type: 'limits', slots, connections });
  }

  /** Resumes an account's transfers that wait for credentials, after those were renewed. */
  credentialsRenewed(accountId: string): void {
    this.#driver.dispatch({ type: 'credentials', accountId });
  }

  /**
   * Answers a transfer that waits for an overwrite choice, and with `applyToAll` all others added with it. For a folder
   * the answer covers its content.
   */
  choose(id: string, choice: OverwriteChoice, applyToAll: boolean): void {
    const task = this.#get(id);
    if (task !== undefined) this.#driver.dispatch({ type: 'choose', task, choice, isForAll: applyToAll });
  }

  /** Removes all ended transfers: failed ones, which stay until someone deals with them, or all others. */
  clear(what: 'finished' | 'failed' = 'finished'): void {
    for (const task of this.#tasksOf('all')) {
      if (!hasEnded(task.state) || (task.state.at === 'failed') !== (what === 'failed')) continue;
      this.#driver.dispatch({ type: 'clear', task });
    }
  }

  /** Drops all transfers, and what the journal says of them. What they left stays, here and in OSS. @throws WaybillError `file` */
  forget(): Promise<void> {
    return this.#driver.forget();
  }

  /** Returns the local path of a transfer, null for an unknown ID. */
  localPathOf(id: string): string | null {
    return this.#get(id)?.toTransfer().localPath ?? null;
  }

  /** What a download through a link fetches, as downloadName() has it; null for another transfer or an unknown ID. */
  downloadNameOf(id: string): string | null {
    const task = this.#get(id);
    return task === undefined ? null : downloadName(task.record.work);
  }

  /** Stops all work. With a journal, unfinished transfers resume at the next start. */
  async close(): Promise<void> {
    await this.#driver.close();
  }

  #get(id: string): Task | undefined {
    return this.#driver.state.tasks.get(id);
  }

  #addLink(request: LinkRequest, batch: Batch = { choice: null }): string {
    const planned = planLinkTask(request);
    const same = [...this.#driver.state.waitingForLink(planned.work)].filter((task) => planned.isSame(task));
    const waiting =
      same.find(({ record }) => 'path' in record.work && record.work.path === planned.work.path) ?? same[0];
    const task = waiting ?? this.#createTask(planned.work, planned.name, batch);
    this.#driver.dispatch({ type: 'link', task, link: planned.link });
    if (waiting === undefined) this.#driver.dispatch({ type: 'add', task, failure: null });
    return task.id;
  }

  #createTask(work: Work, name: string, batch: Batch): Task {
    const position = { rank: this.#driver.state.newRank('bottom'), priority: 'normal', folder: null } as const;
    const rule = this.#options.overwrite?.() ?? 'ask';
    // A choice for this batch takes precedence over the general rule.
    const choice = batch.choice ?? (rule === 'ask' ? null : rule);
    const record = { id: crypto.randomUUID(), createdAt: Date.now(), work, name, choice, ...position };
    return new Task(record, null, batch);
  }

  /** An unreadable path stands for everything that may be in it: retrying means walking it again. */
  #expandAgain(task: Task): boolean {
    const { work } = task.record;
    if (task.state.at !== 'failed' || task.parent !== null) return false;
    if (work.kind !== 'upload' || work.what !== 'unread') return false;
    const prefix = folderPrefix(work.key);
    void this.add(expandUploads({ ...work, prefix, paths: [work.path] }));
    this.#driver.dispatch({ type: 'remove', task });
    return true;
  }

  #tasksOf(selection: Selection): readonly Task[] {
    if (selection === 'all') return [...this.#driver.state.tasks.values()].filter(({ parent }) => parent === null);
    return selection.flatMap((id) => this.#get(id) ?? []);
  }
}
