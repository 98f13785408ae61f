import type { OverwriteChoice } from '../tasks/requests.ts';
import type { Task } from '../tasks/task.ts';
import { handleRenewal, handleReport } from './attempts.ts';
import { allowProbe } from './breakers.ts';
import type { Command, QueueEvent } from './events.ts';
import { failFeed, rollUp, takeCount, takeItems } from './folders.ts';
import type { QueueState } from './queue-state.ts';
import { fill, startReady } from './slots.ts';
import { apply, goOn, rank, remove, reposition, restore, stop, swap } from './transitions.ts';
import { Turn, type TurnInputs } from './turn.ts';

/**
 * Handles an event: changes the queue, and returns what is to be done about it. A function of its arguments alone: no
 * clock, no timer, no file, no network.
 */
export function reduce(queue: QueueState, event: QueueEvent, inputs: TurnInputs): readonly Command[] {
  const turn = new Turn(queue, inputs);
  let events: readonly QueueEvent[] = [event];
  while (events.length > 0) {
    for (const next of events) handle(turn, next);
    events = turn.takeRaised();
  }
  return turn.commands;
}

type Handlers = { readonly [T in QueueEvent['type']]: (turn: Turn, event: Extract<QueueEvent, { type: T }>) => void };

const handlers: Handlers = {
  add: (turn, { task, failure }) => {
    turn.add(task);
    if (failure === null) restore(turn, task);
    else apply(turn, task, { type: 'give-up', because: failure });
  },
  restore: (turn, { task }) => restore(turn, task),
  remove: (turn, { task }) => remove(turn, task),
  clear: (turn, { task }) => {
    if (turn.queue.running.has(task)) turn.queue.leaving.add(task);
    else remove(turn, task);
  },
  apply: (turn, { task, event }) => apply(turn, task, event),
  stop: (turn, { task, event }) => stop(turn, task, event),
  'go-on': (turn, { task, event }) => goOn(turn, task, event),
  rank: (turn, { changes }) => rank(turn, changes),
  swap: (turn, { task, step }) => swap(turn, task, step),
  choose: (turn, event) => choose(turn, event),
  link: (turn, { task, link }) => {
    turn.set(task, { link });
    if (turn.queue.has(task)) apply(turn, task, { type: 'unblock' });
  },
  credentials: (turn, { accountId }) => credentialsRenewed(turn, accountId),
  limits: (turn, { slots, connections }) => {
    Object.assign(turn.queue, { slots, connections });
    turn.queue.smallConcurrency.setMinimum(connections);
    turn.do({ do: 'fill' });
  },
  attempt: (turn, { task, report }) => handleReport(turn, task, report),
  renewed: (turn, event) => handleRenewal(turn, event),
  'probe-due': (turn, { route }) => allowProbe(turn, route),
  'folder-read': (turn, event) => takeItems(turn, event),
  'folder-failed': (turn, event) => failFeed(turn, event),
  'folder-counted': (turn, { folder, found }) => takeCount(turn, folder, found),
  'roll-up': (turn, { folder }) => {
    reposition(turn, folder);
    rollUp(turn, folder);
  },
  fill: (turn) => fill(turn),
  'start-ready': (turn) => startReady(turn),
  close: ({ queue }) => void (queue.isClosed = true),
};

function handle(turn: Turn, event: QueueEvent): void {
  // TypeScript can't correlate the handler looked up by `type` with the type of this event.
  (handlers[event.type] as (turn: Turn, event: QueueEvent) => void)(turn, event);
}

/** Answers a task that asks, and with `isForAll` all others added with it. For a folder it covers its content. */
function choose(turn: Turn, { task, choice, isForAll }: Extract<QueueEvent, { type: 'choose' }>): void {
  if (isForAll) task.batch.choice = choice;
  for (const other of [...turn.queue.tasks.values()]) {
    if (other === task || other.parent === task || (isForAll && other.batch === task.batch))
      answer(turn, other, choice);
  }
}

function answer(turn: Turn, task: Task, choice: OverwriteChoice): void {
  const isAsked = task.state.at === 'blocked' && task.state.need === 'overwrite-choice';
  if (!isAsked && task.content === null) return;
  turn.record(task, { choice });
  if (task.content === null) apply(turn, task, choice === 'skip' ? { type: 'skip' } : { type: 'unblock' });
}

/** Resumes an account's transfers that wait for credentials. */
function credentialsRenewed(turn: Turn, accountId: string): void {
  for (const task of turn.queue.tasks.values()) {
    if (task.accountId !== accountId) continue;
    turn.set(task, { wasRefreshed: false });
    if (task.state.at === 'blocked' && task.state.need === 'credentials') apply(turn, task, { type: 'unblock' });
  }
}
