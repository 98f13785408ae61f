import type { Failure } from '../../failure.ts';
import type { AttemptReport } from '../run/attempt.ts';
import type { Checkpoints } from '../tasks/checkpoints.ts';
import type { LiveLink, Task, TaskRecord } from '../tasks/task.ts';
import type { JournalLine } from '../tasks/journal.ts';
import type { OverwriteChoice } from '../tasks/requests.ts';
import type { TransferEvent } from '../tasks/state.ts';
import type { Transfer } from '../tasks/transfer.ts';
import type { PlannedTransfer } from './planned-transfer.ts';

/** What happens to the queue: a wish of a person, a report of an attempt, a timer, what was read of a folder. */
export type QueueEvent =
  /** `failure`: why it can't even start. */
  | { readonly type: 'add'; readonly task: Task; readonly failure: Failure | null }
  /** A task of an earlier run is in the queue again. */
  | { readonly type: 'restore'; readonly task: Task }
  | { readonly type: 'remove'; readonly task: Task }
  /** Removes an ended task, once its attempt has ended too. */
  | { readonly type: 'clear'; readonly task: Task }
  | { readonly type: 'apply'; readonly task: Task; readonly event: TransferEvent }
  /** Stops a task and its children. */
  | { readonly type: 'stop'; readonly task: Task; readonly event: Extract<TransferEvent, { type: 'pause' | 'cancel' }> }
  /** Resumes a task and its children. */
  | {
      readonly type: 'go-on';
      readonly task: Task;
      readonly event: Extract<TransferEvent, { type: 'resume' | 'retry' }>;
    }
  /** Changes ranks or priorities in one step, so that two tasks can swap. */
  | { readonly type: 'rank'; readonly changes: ReadonlyMap<Task, Partial<Pick<TaskRecord, 'rank' | 'priority'>>> }
  /** Swaps a task with its neighbour of the same priority. */
  | { readonly type: 'swap'; readonly task: Task; readonly step: -1 | 1 }
  | { readonly type: 'choose'; readonly task: Task; readonly choice: OverwriteChoice; readonly isForAll: boolean }
  /** A link came for a task, a new one or one that waits for it. */
  | { readonly type: 'link'; readonly task: Task; readonly link: LiveLink }
  | { readonly type: 'credentials'; readonly accountId: string }
  /** Running tasks are not stopped; large ones use the new number of connections from their next request on. */
  | { readonly type: 'limits'; readonly slots: number; readonly connections: number }
  | { readonly type: 'attempt'; readonly task: Task; readonly report: AttemptReport }
  /** An attempt to renew the credentials of a task is over. */
  | { readonly type: 'renewed'; readonly task: Task; readonly because: Failure; readonly isRenewed: boolean }
  | { readonly type: 'probe-due'; readonly route: string }
  /** `isEnd`: nothing more will come. */
  | {
      readonly type: 'folder-read';
      readonly folder: Task;
      readonly items: readonly PlannedTransfer[];
      readonly isEnd: boolean;
    }
  | { readonly type: 'folder-failed'; readonly folder: Task; readonly because: Failure }
  | { readonly type: 'folder-counted'; readonly folder: Task; readonly found: FoundItems }
  /** Completes a folder if no child can make progress. */
  | { readonly type: 'roll-up'; readonly folder: Task }
  | { readonly type: 'fill' }
  | { readonly type: 'start-ready' }
  | { readonly type: 'close' };

/** What the counting pass of a folder found since it last told: `start` begins it anew. */
export type FoundItems =
  | { readonly at: 'start'; readonly isEmptied: boolean }
  | { readonly at: 'more' | 'end'; readonly count: number; readonly bytes: number };

/** What is to be done about an event. Carried out in order, after the turn that decided it. */
export type Command =
  | { readonly do: 'run'; readonly task: Task }
  | { readonly do: 'abort'; readonly task: Task }
  /** Renew the credentials of the task's account, and tell with `renewed`. */
  | { readonly do: 'renew'; readonly task: Task; readonly accountId: string; readonly because: Failure }
  /** Raise `then` after a delay in milliseconds. `timer` names it; a second one of that name replaces it. */
  | { readonly do: 'wait'; readonly timer: string; readonly afterMs: number; readonly then: QueueEvent }
  | { readonly do: 'stop-waiting'; readonly timer: string }
  /** Fill the slots later in this turn of the event loop: of many tasks resumed together, the first in order start. */
  | { readonly do: 'fill' }
  /** Count the items of a folder before its turn comes. */
  | { readonly do: 'count-folder'; readonly folder: Task }
  /** Read some more items of a folder; the first time also counts them. */
  | { readonly do: 'read-folder'; readonly folder: Task }
  | { readonly do: 'stop-reading'; readonly folder: Task; readonly isForGood: boolean }
  /** Remove what a task leaves behind: uploaded parts in the bucket, and the temporary file. */
  | { readonly do: 'clean-up'; readonly task: Task; readonly leftovers: Checkpoints }
  | { readonly do: 'write'; readonly line: JournalLine }
  /** Tell the windows about a task and its folder. */
  | { readonly do: 'report'; readonly task: Task }
  | { readonly do: 'report-gone'; readonly task: Task }
  | { readonly do: 'tell-file-changed'; readonly transfer: Transfer }
  | { readonly do: 'tell-ended'; readonly transfer: Transfer }
  | { readonly do: 'tell-stored'; readonly accountId: string; readonly bucket: string; readonly key: string };
