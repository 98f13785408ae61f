import { USUAL_CONNECTIONS } from '../byte-work.ts';
import { Folders } from './folders.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import type { QueueOptions, TransferLimits } from '../tasks/requests.ts';
import { hasEnded, next, type TransferEvent } from '../tasks/state.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { TaskOrder } from '../tasks/task-order.ts';
import { TaskRunner } from '../run/task-runner.ts';
import type { Task, TaskRecord } from '../tasks/task.ts';
import type { TransferState } from '../tasks/transfer.ts';

/** How often a running transfer's speed is updated without progress, in milliseconds. */
const SPEED_TICK_MS = 500;

const DEFAULT_SLOTS = 3;

/** Starts tasks, as many as there are slots, and applies events to their states. */
export class Scheduler {
  readonly #store: TaskStore;
  readonly #runner: TaskRunner;
  readonly #folders: Folders;
  readonly #breakers: CircuitBreakers;
  /** All unfinished tasks, for moving them up and down. */
  readonly #unfinished = new TaskOrder();
  /** Tasks ready to start. */
  readonly #ready = new TaskOrder();
  readonly #onEnded: QueueOptions['onEnded'];
  readonly #timers = new Map<Task, NodeJS.Timeout>();
  readonly #ticker: NodeJS.Timeout;
  readonly #smallConcurrency = new AdaptiveConcurrency();
  #slots = DEFAULT_SLOTS;
  #connections = USUAL_CONNECTIONS;
  #isFillScheduled = false;
  #isClosed = false;

  constructor(store: TaskStore, options: QueueOptions) {
    this.#store = store;
    this.#onEnded = options.onEnded;
    const apply = (task: Task, event: TransferEvent): void => this.apply(task, event);
    this.#breakers = new CircuitBreakers({
      resume: (task) => this.apply(task, { type: 'due' }),
      onChange: () => this.#scheduleFill(),
    });
    this.#runner = new TaskRunner({
      ...{ options, store, apply, onSlotFree: () => this.#scheduleFill() },
      connections: () => this.#connections,
      onReachable: (task) => this.#breakers.reset(task),
      onAttemptEnd: (task, event) => this.#adaptConcurrency(task, event),
    });
    this.#folders = new Folders({
      ...{ options, store, apply },
      onChange: (folder) => {
        this.#reposition(folder);
        this.#scheduleFill();
      },
      eventForError: (folder, error) => this.#runner.eventForError(folder, error),
    });
    this.#ticker = setInterval(() => {
      for (const task of this.#runner.running) store.changed(task);
    }, SPEED_TICK_MS);
    for (const task of store.tasks) this.#reposition(task);
    this.#scheduleFill();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sets limits. Running tasks are not stopped, and keep their connections. */
  setLimits({ slots, connections }: Pick<TransferLimits, 'slots' | 'connections'>): void {
    this.#slots = slots;
    this.#connections = connections;
    this.#smallConcurrency.setMinimum(connections);
    this.#scheduleFill();
  }

  add(task: Task): void {
    this.#reposition(task);
    this.#scheduleFill();
  }

  remove(task: Task): void {
    this.#folders.stop(task);
    for (const child of task.content?.children ?? []) this.remove(child);
    this.#runner.cleanUp(task);
    task.parent?.content?.drop(task);
    this.#unfinished.delete(task);
    this.#ready.delete(task);
    this.#store.remove(task);
  }

  /** Applies an event to a task. The only caller of next(). */
  apply(task: Task, event: TransferEvent): void {
    const before = task.state;
    const after = next(before, event);
    if (after === before) return;
    task.state = after;
    clearTimeout(this.#timers.get(task));
    this.#timers.delete(task);
    this.#reposition(task);
    if (after.at === 'waiting') this.#scheduleRetry(task, after);
    if (isKept(task)) this.#store.writeLine({ type: 'state', id: task.id, state: after });
    this.#store.changed(task);
    if (hasEnded(after)) this.#onEnded?.(task.toTransfer());
    this.#folders.childChanged(task, before);
    this.#scheduleFill();
  }

  /** Stops a task and its children. */
  stop(task: Task, event: TransferEvent): void {
    this.apply(task, event);
    if (task.run !== null && task.state.at !== 'running' && task.state.at !== 'verifying') {
      task.mayBeStored = true;
      task.run.abort.abort();
    }
    if (task.state.at === 'cancelled' && task.run === null) this.#runner.cleanUp(task);
    if (task.content === null) return;
    if (task.state.at === 'cancelled') this.#folders.stop(task);
    for (const child of [...task.content.children]) this.stop(child, event);
  }

  /** Resumes a task and its children. */
  resume(task: Task, event: TransferEvent): void {
    task.attempts = 0;
    task.wasRefreshed = false;
    this.#breakers.allowProbe(task);
    const isAgain = task.state.at === 'failed' || task.state.at === 'cancelled';
    for (const child of [...(task.content?.children ?? [])]) this.resume(child, event);
    if (task.content !== null && isAgain) this.#folders.restart(task);
    // The task stands for an unreadable part of a folder: read the folder again instead.
    if (isAgain && task.parent !== null && isUnread(task)) {
      const { parent } = task;
      this.remove(task);
      this.#folders.restart(parent);
      this.apply(parent, event);
    } else {
      this.apply(task, event);
    }
  }

  /** Changes ranks or priorities in one step, so that two tasks can swap. */
  rank(changes: ReadonlyMap<Task, Partial<Pick<TaskRecord, 'rank' | 'priority'>>>): void {
    for (const task of changes.keys()) {
      this.#unfinished.delete(task);
      this.#ready.delete(task);
    }
    for (const [task, change] of changes) {
      task.record = { ...task.record, ...change };
      this.#store.record(task);
      this.#reposition(task);
      this.#store.changed(task);
    }
    this.#scheduleFill();
  }

  /** Swaps a task with its neighbour of the same priority. */
  swap(task: Task, step: -1 | 1): void {
    const other = this.#unfinished.neighbour(task, step);
    if (other === undefined) return;
    this.rank(
      new Map([
        [task, { rank: other.record.rank }],
        [other, { rank: task.record.rank }],
      ]),
    );
  }

  /** Stops all work, and waits until it has stopped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#breakers.close();
    this.#folders.close();
    await this.#runner.stop();
    if (!this.#store.isPersistent) for (const task of this.#store.tasks) this.#runner.cleanUp(task);
    await this.#runner.whenCleaned();
  }

  #scheduleRetry(task: Task, { because, retryAt }: Extract<TransferState, { at: 'waiting' }>): void {
    // The lost response may have confirmed that everything is stored.
    task.mayBeStored = true;
    if (because.kind === 'network') {
      this.#breakers.trip(task);
    } else {
      const timer = setTimeout(() => this.apply(task, { type: 'due' }), Math.max(0, retryAt - Date.now()));
      this.#timers.set(task, timer);
    }
  }

  #reposition(task: Task): void {
    // A folder's children start when the folder's turn comes.
    if (task.parent !== null || this.#store.get(task.id) === undefined) return;
    const { at } = task.state;
    if (hasEnded(task.state)) this.#unfinished.delete(task);
    else this.#unfinished.add(task);
    if (at === 'queued' || (at === 'running' && this.#folders.hasMore(task))) this.#ready.add(task);
    else this.#ready.delete(task);
  }

  /** Fills slots once per turn of the event loop: of many tasks resumed together, the first in order start. */
  #scheduleFill(): void {
    if (this.#isFillScheduled) return;
    this.#isFillScheduled = true;
    setImmediate(() => {
      this.#isFillScheduled = false;
      this.#fillSlots();
    });
  }

  #fillSlots(): void {
    if (this.#isClosed) return;
    let usedSlots = 0;
    const busy = new Set<string>();
    for (const task of this.#runner.running) {
      usedSlots += this.#shareOf(task);
      busy.add(task.route);
    }
    if (usedSlots < this.#slots) this.#breakers.probe(busy);
    const starting = [...this.#startable(usedSlots, busy)];
    // Collect first: starting a task modifies the order being iterated.
    for (const task of starting) {
      if (task.parent?.state.at === 'queued') this.apply(task.parent, { type: 'start', attempt: 1 });
      this.#runner.start(task);
    }
  }

  #shareOf({ isSmall }: Task): number {
    return isSmall ? 1 / this.#smallConcurrency.perSlot : 1;
  }

  /** Adapts the number of concurrent small transfers to how they end. */
  #adaptConcurrency(task: Task, event: TransferEvent | null): void {
    if (!task.isSmall) return;
    if (event?.type === 'break') this.#smallConcurrency.onFailed();
    if (event?.type !== 'finish') return;
    const { running } = this.#runner;
    const small = [...running].filter(({ isSmall }) => isSmall).length;
    const limit = (this.#slots - (running.size - small)) * this.#smallConcurrency.perSlot;
    this.#smallConcurrency.onFinished(task.sizeBytes ?? 0, small, limit);
  }

  *#startable(usedSlots: number, busy: Set<string>): Generator<Task> {
    let used = usedSlots;
    const isFree = (task: Task): boolean => used < this.#slots && this.#breakers.allows(task, busy);
    const folders: Task[] = [];
    for (const task of this.#ready) {
      if (used >= this.#slots) break;
      for (const startable of this.#startableOf(task, isFree)) {
        used += this.#shareOf(startable);
        busy.add(startable.route);
        yield startable;
      }
      if (task.content !== null) folders.push(task);
    }
    for (const folder of folders) {
      this.#reposition(folder);
      this.#folders.rollUp(folder);
    }
  }

  *#startableOf(task: Task, isFree: (task: Task) => boolean): Generator<Task> {
    // A task whose stopped work hasn't finished yet can't start again.
    if (task.content === null && task.run === null && isFree(task)) yield task;
    if (task.content === null) return;
    while (isFree(task)) {
      const child = this.#folders.nextChild(task);
      if (child === null) return;
      if (child.state.at === 'queued') {
        task.content.waiting.delete(child);
        yield child;
      }
    }
  }
}

/** Returns whether a state is written to the journal. A running transfer is queued again after a restart, as before. */
function isKept({ state, parent }: Task): boolean {
  if (state.at === 'running' || state.at === 'verifying' || state.at === 'waiting') return false;
  // Finished children are recorded by their folder.
  return parent === null || !(hasEnded(state) && state.at !== 'failed');
}

function isUnread({ record: { work } }: Task): boolean {
  return work.kind === 'upload' && work.what === 'unread';
}
