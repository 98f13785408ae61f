import type { FolderContent, SettledLine } from '../tasks/folder-content.ts';
import type { TransferEvent } from '../tasks/state.ts';
import { Task } from '../tasks/task.ts';
import type { TransferState } from '../tasks/transfer.ts';
import type { FoundItems, QueueEvent } from './events.ts';
import type { PlannedTransfer } from './planned-transfer.ts';
import { keyOf, renamedOf } from './folder-paths.ts';
import type { Feed, QueueState } from './queue-state.ts';
import type { Turn } from './turn.ts';

/*
 * Folders: their children are created one by one as slots become free, and a folder's state follows from theirs. A
 * finished child is reduced to its key.
 */

/** Read more when fewer items of a folder are left. */
const LOW_WATER = 32;

/** Returns the next child to start; null if there is none, or none yet. */
export function nextChild(turn: Turn, folder: Task): Task | null {
  const { content } = folder;
  if (content === null) return null;
  for (const child of content.waiting) if (!turn.queue.running.has(child)) return child;
  if (!content.canStartMore) return null;
  return newChild(turn, folder, feedOf(turn, folder));
}

/** Creates children until one can start. The others fail in this turn. */
function newChild(turn: Turn, folder: Task, feed: Feed): Task | null {
  let child: Task | null = null;
  for (let item = feed.items.shift(); item !== undefined; item = feed.items.shift()) {
    child = createChild(turn, folder, item);
    if (child !== null) break;
  }
  if (feed.items.length < LOW_WATER && !feed.isReading && !feed.hasEnded) {
    feed.isReading = true;
    turn.do({ do: 'read-folder', folder });
  }
  return child;
}

/** Returns whether nextChild() can return a child now or later. */
export function hasMore({ feeds }: QueueState, folder: Task): boolean {
  const { content } = folder;
  if (content === null) return false;
  const feed = feeds.get(folder);
  const isExhausted = feed !== undefined && feed.hasEnded && feed.items.length === 0;
  return content.waiting.size > 0 || (content.canStartMore && !isExhausted);
}

/** Takes over what was read of a folder. */
export function takeItems(turn: Turn, { folder, items, isEnd }: Extract<QueueEvent, { type: 'folder-read' }>): void {
  const feed = turn.queue.feeds.get(folder);
  if (feed === undefined) return;
  for (const item of items) feed.items.push(item);
  feed.isReading = false;
  feed.hasEnded = isEnd;
  turn.do({ do: 'fill' });
  turn.rollUp(folder);
}

/** Notes that a folder can't be read further. */
export function failFeed(turn: Turn, { folder, because }: Extract<QueueEvent, { type: 'folder-failed' }>): void {
  const feed = turn.queue.feeds.get(folder);
  if (feed === undefined) return;
  feed.hasEnded = true;
  feed.failure = because;
  turn.do({ do: 'fill' });
  turn.rollUp(folder);
}

/** Takes over what the counting pass found. */
export function takeCount(turn: Turn, folder: Task, found: FoundItems): void {
  const { content } = folder;
  if (found.at === 'start') content?.startCount(found.isEmptied);
  if (found.at === 'more' || found.at === 'end') content?.countFound(found.count, found.bytes);
  if (found.at === 'end') content?.endCount();
  turn.report(folder);
}

/** Reads the folder again from the start. Finished and running children are skipped. */
export function restart(turn: Turn, folder: Task): void {
  if (turn.queue.feeds.delete(folder)) turn.do({ do: 'stop-reading', folder, isForGood: false });
}

/** Stops reading a folder that won't go on. */
export function stopFolder(turn: Turn, folder: Task): void {
  if (folder.content === null) return;
  folder.content.mayBeStored = true;
  turn.queue.feeds.delete(folder);
  turn.do({ do: 'stop-reading', folder, isForGood: true });
}

/** Lets a folder follow a change of its child's state. */
export function childChanged(turn: Turn, child: Task, before: TransferState): void {
  const { parent } = child;
  if (parent?.content == null || !parent.content.children.has(child)) return;
  parent.content.changed(child, before);
  if (!turn.queue.running.has(child)) settleIfOver(turn, child);
  for (const event of eventsOf(parent.state, parent.content, child)) turn.raise({ type: 'apply', task: parent, event });
  turn.rollUp(parent);
}

/** Reduces a finished child to its key and size; a child of a cancelled folder leaves nothing. */
export function settleIfOver(turn: Turn, child: Task): void {
  const { parent: folder, state } = child;
  const isOver = state.at === 'done' || state.at === 'skipped' || state.at === 'cancelled';
  if (!isOver || folder?.content?.children.has(child) !== true) return;
  folder.content.drop(child);
  if (folder.state.at !== 'cancelled') {
    const line = settledLine(turn.queue, folder, child);
    folder.content.settle(line);
    turn.write(folder, line);
  }
  turn.remove(child);
  turn.report(folder);
}

/** Completes a folder once no child can make progress. */
export function rollUp(turn: Turn, folder: Task): void {
  const { content } = folder;
  if (content === null || content.isActive || hasMore(turn.queue, folder)) return;
  const failure = turn.queue.feeds.get(folder)?.failure ?? null;
  if (failure !== null) {
    turn.queue.feeds.delete(folder);
    turn.raise({ type: 'attempt', task: folder, report: { type: 'failed', because: failure } });
    return;
  }
  turn.raise({ type: 'apply', task: folder, event: endEventOf(content) });
}

function feedOf({ queue }: Turn, folder: Task): Feed {
  const current = queue.feeds.get(folder);
  if (current !== undefined) return current;
  const feed: Feed = { items: [], isReading: false, hasEnded: false, failure: null };
  queue.feeds.set(folder, feed);
  return feed;
}

/** Returns null for a child that can't even start. */
function createChild(turn: Turn, folder: Task, planned: PlannedTransfer): Task | null {
  const { choice, priority, rank, id } = folder.record;
  const { work, name, sizeBytes, stamp = '', failure } = planned;
  const record = { id: turn.inputs.newId(), createdAt: turn.inputs.now(), work, name, choice, priority, rank };
  const child = new Task({ ...record, folder: { id, key: work.key } }, folder);
  turn.set(child, { sizeBytes, stamp, mayBeStored: folder.content?.mayBeStored === true });
  folder.content?.add(child);
  turn.add(child);
  if (failure === null) return child;
  folder.content?.waiting.delete(child);
  turn.raise({ type: 'apply', task: child, event: { type: 'give-up', because: failure } });
  return null;
}

/** Returns the event by which a folder follows a change of its child; none if it stays as it is. */
function eventsOf(folder: TransferState, content: FolderContent<Task>, { state }: Task): readonly TransferEvent[] {
  const { at } = folder;
  if (at === 'queued' || at === 'running') return content.isRunning ? [] : breaksOf(state);
  if (at === 'waiting') return state.at === 'queued' ? [{ type: 'due' }] : [];
  if (at === 'failed') return content.isActive || content.counts().failed === 0 ? [{ type: 'retry' }] : [];
  // Skipping the last children that were asked about leaves none to make progress.
  if (at === 'blocked') return content.isActive || !content.isBlocked ? [{ type: 'unblock' }] : [];
  return [];
}

/** A folder waits once a child waits for the network, and no other is running. */
function breaksOf(child: TransferState): readonly TransferEvent[] {
  return child.at === 'waiting' && child.because.kind === 'network' ? [{ ...child, type: 'break' }] : [];
}

/** Returns the event that ends a folder without anything left to do by itself. */
function endEventOf(content: FolderContent<Task>): TransferEvent {
  for (const { state } of content.isBlocked ? content.children : []) {
    if (state.at === 'blocked') return { ...state, type: 'block' };
  }
  for (const { state } of content.children) {
    if (state.at === 'failed') return { type: 'give-up', because: state.because };
    if (state.at === 'paused') return { type: 'pause' };
  }
  return { type: 'finish', verified: content.verified, versionId: null };
}

function settledLine({ keepsStamps }: QueueState, folder: Task, child: Task): SettledLine {
  const { state, sizeBytes, stamp } = child;
  const renamed = renamedOf(folder, child);
  const isDone = state.at === 'done';
  // A folder has no bytes to compare.
  const isUnverified = isDone && state.verified === 'length' && sizeBytes !== null && sizeBytes > 0;
  return {
    ...{ type: 'settled', id: folder.id, keys: [keyOf(child)] },
    ...(renamed.length > 0 && { renamed }),
    ...(keepsStamps && stamp !== '' && { stamps: [[keyOf(child), stamp]] }),
    ...{ done: isDone ? 1 : 0, skipped: isDone ? 0 : 1 },
    ...{ bytes: isDone ? (sizeBytes ?? 0) : 0, unverified: isUnverified ? 1 : 0 },
  };
}
