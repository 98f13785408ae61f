import type { Failure } from '../../failure.ts';
import { USUAL_CONNECTIONS } from '../byte-work.ts';
import type { Task, Work } from '../tasks/task.ts';
import { TaskOrder } from '../tasks/task-order.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { PlannedTransfer } from './planned-transfer.ts';

const DEFAULT_SLOTS = 3;

/** An unreachable route ("circuit breaker"). */
export interface Breaker {
  /** Failed probes in a row. */
  attempts: number;
  /** Whether the delay is over, so that one transfer may probe. */
  isDue: boolean;
  /** Transfers waiting for the route, the one that failed first in front. */
  readonly waiting: Set<Task>;
}

/** What was read of a folder, slightly ahead of what was started. */
export interface Feed {
  readonly items: PlannedTransfer[];
  isReading: boolean;
  /** Whether nothing more will come. */
  hasEnded: boolean;
  /** Why reading stopped early; null if it didn't. */
  failure: Failure | null;
}

/** Everything the queue knows. Only a turn (turn.ts) changes it. */
export class QueueState {
  /** In the order in which they were added. */
  readonly tasks = new Map<string, Task>();
  /** Children of folders that are not in the journal yet. */
  readonly unwritten = new Set<Task>();
  /** All unfinished tasks, for moving them up and down. */
  readonly unfinished = new TaskOrder();
  /** Tasks ready to start. */
  readonly ready = new TaskOrder();
  /** Tasks with an attempt that hasn't ended yet, even if it was told to stop. */
  readonly running = new Set<Task>();
  /** Running tasks to remove once their attempt has ended. */
  readonly leaving = new Set<Task>();
  readonly breakers = new Map<string, Breaker>();
  readonly feeds = new Map<Task, Feed>();
  readonly #needingLink = new Map<string, Set<Task>>();
  readonly smallConcurrency = new AdaptiveConcurrency();
  /** Whether the state of uploaded files is kept, so that a later run notices changes. */
  readonly keepsStamps: boolean;
  slots = DEFAULT_SLOTS;
  connections = USUAL_CONNECTIONS;
  isClosed = false;
  #lowestRank = 0;
  #highestRank = 0;

  constructor(tasks: readonly Task[], keepsStamps: boolean) {
    this.keepsStamps = keepsStamps;
    for (const task of tasks) {
      this.tasks.set(task.id, task);
      this.#lowestRank = Math.min(this.#lowestRank, task.record.rank);
      this.#highestRank = Math.max(this.#highestRank, task.record.rank);
    }
  }

  /** Returns a rank before or after all others. Ranks are unique. */
  newRank(end: 'top' | 'bottom'): number {
    if (end === 'top') return (this.#lowestRank -= 1);
    return (this.#highestRank += 1);
  }

  /** Returns the tasks that wait for a fresh link to the same object. */
  waitingForLink(work: Work): Iterable<Task> {
    return this.#needingLink.get(objectOf(work)) ?? [];
  }

  /** Notes whether a task waits for a fresh link. */
  noteLinkNeed(task: Task, isNeeded: boolean): void {
    const object = objectOf(task.record.work);
    const tasks = this.#needingLink.get(object) ?? new Set();
    if (isNeeded) tasks.add(task);
    else tasks.delete(task);
    if (tasks.size > 0) this.#needingLink.set(object, tasks);
    else this.#needingLink.delete(object);
  }

  /** Whether the task is in the queue. */
  has(task: Task): boolean {
    return this.tasks.has(task.id);
  }
}

function objectOf({ kind, bucket, key }: Work): string {
  return JSON.stringify([kind, bucket, key]);
}
