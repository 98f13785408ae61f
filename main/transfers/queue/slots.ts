import type { Task } from '../tasks/task.ts';
import { allows, probe } from './breakers.ts';
import { nextChild } from './folders.ts';
import type { QueueState } from './queue-state.ts';
import { apply } from './transitions.ts';
import type { Turn } from './turn.ts';

/**
 * Places in use, and the routes in use. A slot has as many places as small transfers share it: counted in places, no
 * sum of fractions of a slot can come out too small.
 */
interface Load {
  places: number;
  readonly routes: Set<string>;
}

/** Lets waiting transfers probe unreachable routes, then starts as many as there are free slots. */
export function fill(turn: Turn): void {
  const { queue } = turn;
  if (queue.isClosed) return;
  const load = loadOf(queue);
  if (hasPlace(queue, load)) probe(turn, load.routes);
  turn.startReady();
}

/** Starts the first tasks in order, as many as there are free slots. */
export function startReady(turn: Turn): void {
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
  const load: Load = { places: 0, routes: new Set() };
  for (const task of queue.running) {
    load.places += placesOf(queue, task);
    load.routes.add(task.route);
  }
  return load;
}

function placesOf({ smallConcurrency }: QueueState, { isSmall }: Task): number {
  return isSmall ? 1 : smallConcurrency.perSlot;
}

function hasPlace({ slots, smallConcurrency }: QueueState, { places }: Load): boolean {
  return places < slots * smallConcurrency.perSlot;
}

function* startable(turn: Turn, load: Load): Generator<Task> {
  const { queue } = turn;
  for (const task of queue.ready) {
    if (!hasPlace(queue, load)) break;
    for (const one of startableOf(turn, task, load)) {
      load.places += placesOf(queue, one);
      load.routes.add(one.route);
      yield one;
    }
    if (task.content !== null) turn.rollUp(task);
  }
}

function* startableOf(turn: Turn, task: Task, load: Load): Generator<Task> {
  const { queue } = turn;
  const isFree = (): boolean => hasPlace(queue, load) && allows(queue, task, load.routes);
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
