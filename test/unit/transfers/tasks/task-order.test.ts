import { expect, test } from 'vitest';
import { Task } from '../../../../main/transfers/tasks/task.ts';
import { TaskOrder } from '../../../../main/transfers/tasks/task-order.ts';
import type { Priority } from '../../../../main/transfers/tasks/transfer.ts';

function makeTask(priority: Priority, rank: number): Task {
  const id = `${priority} ${rank}`;
  const work = { kind: 'upload', what: 'file', accountId: 'a', bucket: 'b', key: id, path: `/${id}` } as const;
  return new Task({ id, name: id, work, createdAt: 0, choice: null, folder: null, priority, rank }, null);
}

function orderOf(...tasks: readonly Task[]): TaskOrder {
  const order = new TaskOrder();
  for (const task of tasks) order.add(task);
  return order;
}

const idsOf = (order: TaskOrder): readonly string[] => [...order].map(({ id }) => id);

test('tasks are in the order of priority and rank, however they came', () => {
  const tasks = (['low', 'high', 'normal'] as const).flatMap((priority) =>
    [3, -1, 7, 2].map((rank) => makeTask(priority, rank)),
  );
  const expected = ['high', 'normal', 'low'].flatMap((priority) => [-1, 2, 3, 7].map((rank) => `${priority} ${rank}`));
  expect(idsOf(orderOf(...tasks))).toEqual(expected);
  expect(idsOf(orderOf(...tasks.toReversed()))).toEqual(expected);
});

test('a task is there once, and one that is not there can’t be removed', () => {
  const [first, second, absent] = [makeTask('normal', 1), makeTask('normal', 3), makeTask('normal', 2)];
  const order = orderOf(first, second, first, second);
  order.delete(absent);
  expect([...order]).toEqual([first, second]);
  order.delete(first);
  expect([...order]).toEqual([second]);
});

test('neighbours have the same priority', () => {
  const [high, first, second, low] = [
    makeTask('high', 9),
    makeTask('normal', 1),
    makeTask('normal', 2),
    makeTask('low', 0),
  ];
  const order = orderOf(high, first, second, low);
  expect([order.neighbour(first, 1), order.neighbour(second, -1)]).toEqual([second, first]);
  expect([order.neighbour(first, -1), order.neighbour(second, 1)]).toEqual([undefined, undefined]);
  expect([order.neighbour(high, -1), order.neighbour(low, 1)]).toEqual([undefined, undefined]);
});
