import { setTimeout as delay } from 'node:timers/promises';
import { toFailure } from '../../failure.ts';
import { discardDownload } from '../download/download.ts';
import { runAttempt } from '../run/attempt.ts';
import { OverwriteHints } from '../run/overwrite-hints.ts';
import { Journal } from '../tasks/journal.ts';
import { ProgressBatches } from '../tasks/progress.ts';
import type { QueueOptions } from '../tasks/requests.ts';
import type { Checkpoints } from '../tasks/checkpoints.ts';
import type { Task } from '../tasks/task.ts';
import { abortUpload } from '../upload/multipart-session.ts';
import type { Command, QueueEvent } from './events.ts';
import { FolderReader } from './folder-reader.ts';
import { QueueState } from './queue-state.ts';
import { reduce } from './reduce.ts';
import type { TurnInputs } from './turn.ts';

/** How often a running transfer's speed is updated without progress, in milliseconds. */
const SPEED_TICK_MS = 500;

/** How long running attempts may take to stop before the journal is emptied, in milliseconds. */
const FORGET_WAIT_MS = 5000;

const inputs: TurnInputs = {
  now: Date.now,
  monotonicNow: () => performance.now(),
  random: Math.random,
  newId: () => crypto.randomUUID(),
};

type Actions = { readonly [D in Command['do']]: (command: Extract<Command, { do: D }>) => void };

interface Run {
  readonly abort: AbortController;
  readonly settled: Promise<void>;
}

/** Feeds events to the queue's state, and carries out the commands it returns: the only place with effects. */
export class QueueDriver {
  readonly state: QueueState;
  readonly #options: QueueOptions;
  readonly #journal: Journal | null;
  readonly #progress: ProgressBatches;
  readonly #reader: FolderReader;
  readonly #overwriteHints = new OverwriteHints();
  readonly #runs = new Map<Task, Run>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Clean-ups and renewals under way. */
  readonly #errands = new Set<Promise<void>>();
  readonly #waiting: QueueEvent[] = [];
  readonly #actions: Actions = {
    run: ({ task }) => this.#run(task),
    abort: ({ task }) => this.#runs.get(task)?.abort.abort(),
    renew: (command) => this.#track(this.#renew(command)),
    wait: (command) => this.#wait(command),
    'stop-waiting': ({ timer }) => this.#stopWaiting(timer),
    fill: () => this.#fillSoon(),
    'count-folder': ({ folder }) => void this.#reader.count(folder),
    'read-folder': ({ folder }) => void this.#reader.read(folder),
    'stop-reading': ({ folder, isForGood }) => this.#reader.stop(folder, isForGood),
    'clean-up': ({ task, leftovers }) => {
      if (!this.#isForgetting) this.#cleanUp(task, leftovers);
    },
    write: ({ line }) => this.#journal?.write(line),
    report: ({ task }) => this.#report(task),
    'report-gone': ({ task }) => {
      if (this.#isShown(task)) this.#progress.removed(task.id);
      if (task.parent === null) this.#options.onRemoved?.(task.toTransfer());
    },
    'tell-file-changed': ({ transfer }) => this.#options.onFileChanged?.(transfer),
    'tell-ended': ({ transfer }) => this.#options.onEnded?.(transfer),
    'tell-stored': ({ accountId, bucket, key }) => this.#options.onUploaded(accountId, bucket, key),
  };
  #watchedFolders: ReadonlySet<string> = new Set();
  #ticker: NodeJS.Timeout | null = null;
  #isBusy = false;
  /** Whether tasks go without a trace, and leave their part files and uploaded parts behind. */
  #isForgetting = false;
  #isFillScheduled = false;

  constructor(options: QueueOptions) {
    const { journalFile, onBatch, onTrouble, mayRestore, recheckFiles = false } = options;
    const { journal, tasks } =
      journalFile === null ? { journal: null, tasks: [] } : Journal.open(journalFile, onTrouble, mayRestore);
    this.#options = options;
    this.#journal = journal;
    this.state = new QueueState(tasks, recheckFiles);
    this.#progress = new ProgressBatches((id) => this.state.tasks.get(id)?.toTransfer() ?? null, onBatch);
    this.#reader = new FolderReader(options, (event) => this.dispatch(event));
    for (const task of tasks) this.dispatch({ type: 'restore', task });
  }

  /** Handles an event. One that comes up while commands are carried out waits for them. */
  dispatch(event: QueueEvent): void {
    this.#waiting.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        for (const command of reduce(this.state, next, inputs)) this.#carryOut(command);
      }
    } finally {
      this.#isBusy = false;
    }
    this.#tickWhileRunning();
  }

  /** Reports changes inside these folders from now on, and inside no others. */
  watchFolders(folderIds: readonly string[]): void {
    this.#watchedFolders = new Set(folderIds);
  }

  /** Stops and drops all tasks, cleans up nothing, and empties the journal. @throws WaybillError `file` */
  async forget(): Promise<void> {
    this.#isForgetting = true;
    try {
      const runs = [...this.#runs.values()];
      for (const task of [...this.state.tasks.values()].filter(({ parent }) => parent === null)) {
        this.dispatch({ type: 'stop', task, event: { type: 'pause' } });
        this.dispatch({ type: 'clear', task });
      }
      // A thread may be stuck in a write to a dead network drive.
      await Promise.race([
        Promise.all(runs.map(({ settled }) => settled)),
        delay(FORGET_WAIT_MS, null, { ref: false }),
      ]);
      await this.#journal?.clear();
    } finally {
      this.#isForgetting = false;
    }
  }

  /** Stops all work, and waits until it has stopped. */
  async close(): Promise<void> {
    this.dispatch({ type: 'close' });
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#reader.close();
    const runs = [...this.#runs.values()];
    for (const { abort } of runs) abort.abort();
    await Promise.all(runs.map(({ settled }) => settled));
    if (this.#journal === null) for (const task of this.state.tasks.values()) this.#cleanUp(task, task.checkpoints);
    await Promise.all(this.#errands);
    // What a renewal led to.
    for (const timer of this.#timers.values()) clearTimeout(timer);
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#progress.close();
    await this.#journal?.close();
  }

  #carryOut(command: Command): void {
    try {
      // TypeScript can't correlate the action looked up by name with the type of this command.
      (this.#actions[command.do] as (command: Command) => void)(command);
    } catch (error) {
      // The commands behind it belong to what the state already says.
      const { onBug } = this.#options;
      if (onBug === undefined) throw error;
      toFailure(error, onBug);
    }
  }

  #report(task: Task): void {
    for (let one: Task | null = task; one !== null; one = one.parent) {
      if (this.#isShown(one)) this.#progress.changed(one.id);
    }
  }

  #stopWaiting(timer: string): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }

  #run(task: Task): void {
    const abort = new AbortController();
    const tools = {
      options: this.#options,
      overwriteHints: this.#overwriteHints,
      connections: () => this.state.connections,
    };
    const settled = runAttempt(
      task,
      tools,
      (report) => {
        if (report.type === 'ended' || report.type === 'failed' || report.type === 'stopped') this.#runs.delete(task);
        this.dispatch({ type: 'attempt', task, report });
      },
      abort.signal,
    );
    this.#runs.set(task, { abort, settled });
  }

  async #renew({ task, accountId, because }: Extract<Command, { do: 'renew' }>): Promise<void> {
    const { refresh } = this.#options;
    const isRenewed =
      refresh !== undefined &&
      (await refresh(accountId).then(
        () => true,
        () => false,
      ));
    this.dispatch({ type: 'renewed', task, because, isRenewed });
  }

  #wait({ timer, afterMs, then }: Extract<Command, { do: 'wait' }>): void {
    this.#stopWaiting(timer);
    const handle = setTimeout(() => {
      this.#timers.delete(timer);
      this.dispatch(then);
    }, afterMs);
    this.#timers.set(timer, handle);
  }

  #fillSoon(): void {
    if (this.#isFillScheduled) return;
    this.#isFillScheduled = true;
    setImmediate(() => {
      this.#isFillScheduled = false;
      this.dispatch({ type: 'fill' });
    });
  }

  #cleanUp({ record: { work } }: Task, { upload, download }: Checkpoints): void {
    if (download !== null) this.#track(discardDownload(download));
    if (upload === null || (work.kind !== 'upload' && work.kind !== 'copy')) return;
    const connection = this.#options.connection(work.accountId, work.bucket);
    this.#track(connection.then((open) => abortUpload(open, upload)));
  }

  #track(work: Promise<void>): void {
    // Without credentials or network, the leftovers stay: that is what lifecycle rules are for.
    const errand = work.catch(() => undefined).finally(() => this.#errands.delete(errand));
    this.#errands.add(errand);
  }

  /** Keeps speeds up to date while anything runs; a queue at rest wakes nobody up. */
  #tickWhileRunning(): void {
    const isRunning = this.state.running.size > 0;
    if (isRunning && this.#ticker === null) {
      this.#ticker = setInterval(() => {
        for (const task of this.state.running) this.#report(task);
      }, SPEED_TICK_MS);
    }
    if (isRunning || this.#ticker === null) return;
    clearInterval(this.#ticker);
    this.#ticker = null;
  }

  #isShown({ parent }: Task): boolean {
    return parent === null || this.#watchedFolders.has(parent.id);
  }
}
