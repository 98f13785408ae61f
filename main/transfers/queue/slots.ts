import type { Task } from '../tasks/task.ts';
import { allows, probe } from './breakers.ts';
import { nextChild, rollUp } from './folders.ts';
import type { QueueState } from './queue-state.ts';
import { apply, reposition } from './transitions.ts';
import type { Turn } from './turn.ts';

/** Slots in use, and the routes in use. */
interface Load {
  slots: number;
  readonly routes: Set<string>;
}

/** Lets waiting transfers probe unreachable routes, then starts as many as there are free slots. */
export function fill(turn: Turn): void {
  const { queue } = turn;
  if (queue.isClosed) return;
  const { slots, routes } = loadOf(queue);
  if (slots < queue.slots) probe(turn, routes);
  turn.startReady();
}

/** Starts the first tasks in order, as many as there are free slots. */
export function startReady(turn: Turn): void {
  if (turn.queue.isClosed) return;
  const load = loadOf(turn.queue);
  // Collect first: starting a task modifies the order being iterated.
  for (const task of [...startable(turn, load)]) {
    if (task.parent?.state.at === 'queued') apply(turn, task.parent, { type: 'start', attempt: 1 });
    turn.queue.running.add(task);
    task.startAttempt();
    apply(turn, task, { type: 'start', attempt: task.attempts + 1 });
    turn.do({ do: 'run', task });
  }
}

function loadOf(queue: QueueState): Load {
  const load: Load = { slots: 0, routes: new Set() };
  for (const task of queue.running) {
    load.slots += shareOf(queue, task);
    load.routes.add(task.route);
  }
  return load;
}

function shareOf({ smallConcurrency }: QueueState, { isSmall }: Task): number {
  return isSmall ? 1 / smallConcurrency.perSlot : 1;
}

function* startable(turn: Turn, load: Load): Generator<Task> {
  const { queue } = turn;
  const folders: Task[] = [];
  for (const task of queue.ready) {
    if (load.slots >= queue.slots) break;
    for (const one of startableOf(turn, task, load)) {
      load.slots += shareOf(queue, one);
      load.routes.add(one.route);
      yield one;
    }
    if (task.content !== null) folders.push(task);
  }
  for (const folder of folders) {
    reposition(turn, folder);
    rollUp(turn, folder);
  }
}

function* startableOf(turn: Turn, task: Task, load: Load): Generator<Task> {
  const { queue } = turn;
  const isFree = (): boolean => load.slots < queue.slots && allows(queue, task, load.routes);
  // A task whose stopped work hasn't finished yet can't start again.
  if (task.content === null && !queue.running.has(task) && isFree()) yield task;
  if (task.content === null) return;
  while (isFree()) {
    const child = nextChild(turn, task);
    if (child === null) return;
    task.content.waiting.delete(child);
    yield child;
  }
}
