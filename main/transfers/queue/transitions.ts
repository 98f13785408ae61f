import { hasEnded, next, type TransferEvent } from '../tasks/state.ts';
import type { Task, TaskRecord } from '../tasks/task.ts';
import type { TransferState } from '../tasks/transfer.ts';
import { allowProbe, trip } from './breakers.ts';
import { childChanged, hasMore, restart, stopFolder } from './folders.ts';
import type { Turn } from './turn.ts';

/** Applies an event to a task. The only caller of next(). */
export function apply(turn: Turn, task: Task, event: TransferEvent): void {
  const before = task.state;
  const after = next(before, event);
  if (after === before) return;
  turn.set(task, { state: after });
  if (before.at === 'waiting') turn.do({ do: 'stop-waiting', timer: task.id });
  if (needsLink(before)) turn.queue.noteLinkNeed(task, false);
  if (needsLink(after)) turn.queue.noteLinkNeed(task, true);
  reposition(turn, task);
  if (after.at === 'waiting') wait(turn, task, after);
  if (isKept(task)) turn.write(task, { type: 'state', id: task.id, state: after });
  turn.report(task);
  if (hasEnded(after)) turn.do({ do: 'tell-ended', transfer: task.toTransfer() });
  childChanged(turn, task, before);
  turn.do({ do: 'fill' });
}

/** Puts a task, or a changed one again, where it belongs in the order. */
export function reposition({ queue }: Turn, task: Task): void {
  // A folder's children start when the folder's turn comes.
  if (task.parent !== null || !queue.has(task)) return;
  const { at } = task.state;
  if (hasEnded(task.state)) queue.unfinished.delete(task);
  else queue.unfinished.add(task);
  if (at === 'queued' || (at === 'running' && hasMore(queue, task))) queue.ready.add(task);
  else queue.ready.delete(task);
}

/** Takes a new task, or one of an earlier run, into the order. */
export function restore(turn: Turn, task: Task): void {
  if (needsLink(task.state)) turn.queue.noteLinkNeed(task, true);
  reposition(turn, task);
  turn.do({ do: 'fill' });
  if (task.content !== null && task.state.at === 'queued') turn.do({ do: 'count-folder', folder: task });
}

/** Stops a task and its children. */
export function stop(turn: Turn, task: Task, event: Extract<TransferEvent, { type: 'pause' | 'cancel' }>): void {
  apply(turn, task, event);
  const { at } = task.state;
  const isRunning = turn.queue.running.has(task);
  if (isRunning) {
    turn.set(task, { mayBeStored: true });
    turn.do({ do: 'abort', task });
  }
  if (at === 'cancelled' && !isRunning) cleanUp(turn, task);
  if (task.content === null) return;
  if (at === 'cancelled') stopFolder(turn, task);
  for (const child of [...task.content.children]) stop(turn, child, event);
}

/** Resumes a task and its children. */
export function goOn(turn: Turn, task: Task, event: Extract<TransferEvent, { type: 'resume' | 'retry' }>): void {
  turn.queue.leaving.delete(task);
  turn.set(task, { attempts: 0, wasRefreshed: false });
  allowProbe(turn, task.route);
  const isAgain = task.state.at === 'failed' || task.state.at === 'cancelled';
  for (const child of [...(task.content?.children ?? [])]) goOn(turn, child, event);
  if (task.content !== null && isAgain) restart(turn, task);
  const { parent, record } = task;
  // The task stands for an unreadable part of a folder: read the folder again instead.
  if (isAgain && parent !== null && record.work.kind === 'upload' && record.work.what === 'unread') {
    remove(turn, task);
    restart(turn, parent);
    apply(turn, parent, event);
  } else {
    apply(turn, task, event);
  }
}

/** Removes a task and its children. */
export function remove(turn: Turn, task: Task): void {
  stopFolder(turn, task);
  for (const child of [...(task.content?.children ?? [])]) remove(turn, child);
  cleanUp(turn, task);
  task.parent?.content?.drop(task);
  turn.queue.unfinished.delete(task);
  turn.queue.ready.delete(task);
  if (needsLink(task.state)) turn.queue.noteLinkNeed(task, false);
  turn.remove(task);
}

/** Removes what a task leaves behind: uploaded parts in the bucket, and the temporary file. */
export function cleanUp(turn: Turn, task: Task): void {
  const { checkpoints: leftovers, id } = task;
  if (leftovers.upload === null && leftovers.download === null) return;
  turn.do({ do: 'clean-up', task, leftovers });
  turn.set(task, { checkpoints: { upload: null, download: null } });
  if (leftovers.upload !== null) turn.write(task, { type: 'upload', id, checkpoint: null });
  if (leftovers.download !== null) turn.write(task, { type: 'download', id, checkpoint: null });
}

/** Changes ranks or priorities in one step, so that two tasks can swap. */
export function rank(turn: Turn, changes: ReadonlyMap<Task, Partial<Pick<TaskRecord, 'rank' | 'priority'>>>): void {
  const { unfinished, ready } = turn.queue;
  for (const task of changes.keys()) {
    unfinished.delete(task);
    ready.delete(task);
  }
  for (const [task, change] of changes) {
    turn.record(task, change);
    reposition(turn, task);
    turn.report(task);
  }
  turn.do({ do: 'fill' });
}

/** Swaps a task with its neighbour of the same priority. */
export function swap(turn: Turn, task: Task, step: -1 | 1): void {
  const other = turn.queue.unfinished.neighbour(task, step);
  if (other === undefined) return;
  const changes = [
    [task, { rank: other.record.rank }],
    [other, { rank: task.record.rank }],
  ] as const;
  rank(turn, new Map(changes));
}

function needsLink(state: TransferState): boolean {
  return state.at === 'blocked' && state.need === 'fresh-link';
}

function wait(turn: Turn, task: Task, { because, retryAt }: Extract<TransferState, { at: 'waiting' }>): void {
  // The lost response may have confirmed that everything is stored.
  turn.set(task, { mayBeStored: true });
  if (because.kind === 'network') {
    trip(turn, task);
  } else {
    const afterMs = Math.max(0, retryAt - turn.inputs.now());
    turn.do({ do: 'wait', timer: task.id, afterMs, then: { type: 'apply', task, event: { type: 'due' } } });
  }
}

/** Returns whether a state is written to the journal. A running transfer is queued again after a restart, as before. */
function isKept({ state, parent }: Task): boolean {
  if (state.at === 'running' || state.at === 'verifying' || state.at === 'waiting') return false;
  // Finished children are recorded by their folder.
  return parent === null || !(hasEnded(state) && state.at !== 'failed');
}
