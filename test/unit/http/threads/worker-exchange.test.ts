import { expect, test } from 'vitest';
import type { WorkerCommand } from '../../../../main/http/threads/worker-messages.ts';
import { WorkerExchange } from '../../../../main/http/threads/worker-exchange.ts';
import { WorkerBody } from '../../../../main/http/threads/worker-body.ts';

const answer = { type: 'head', id: 1, count: 0, status: 206, headers: [], crc64: '0', text: null } as const;
const target = { fd: 0, path: 'nowhere', position: 0, maxBytes: null };

/** An exchange whose thread only notes what it is told. */
function makeExchange() {
  const commands: WorkerCommand['type'][] = [];
  const closed: number[] = [];
  let moved = 0;
  const exchange = new WorkerExchange(1, (count) => (moved += count), {
    send: ({ type }) => void commands.push(type),
    onClosed: (id) => void closed.push(id),
  });
  return { exchange, commands, closed, moved: () => moved };
}

test('an answer that was on its way when the exchange was dropped ends it: its thread will tell nothing more', async () => {
  const { exchange, commands, closed } = makeExchange();
  exchange.drop();
  expect(closed).toEqual([]);
  exchange.onEvent(answer);
  await expect(exchange.head).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect(closed).toEqual([1]);
  expect(commands).toEqual(['drop']);
});

test('a dropped exchange whose request breaks ends with that', async () => {
  const { exchange, closed } = makeExchange();
  exchange.drop();
  exchange.onEvent({ type: 'failed', id: 1, count: 0, error: { message: 'gone', code: 'ECONNRESET' } });
  await expect(exchange.head).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(closed).toEqual([1]);
});

test('a body that nobody waits for any more is not stored', async () => {
  const { exchange, commands } = makeExchange();
  exchange.onEvent(answer);
  const stop = new AbortController();
  const body = new WorkerBody(exchange, stop.signal);
  stop.abort();
  expect(await body.store(target, () => undefined)).toMatchObject({
    storedBytes: 0,
    error: { failure: { kind: 'cancelled' } },
  });
  expect(commands).toEqual(['drop']);
});

test('bytes are counted as they are told, and once more in what was stored', async () => {
  const { exchange, moved } = makeExchange();
  exchange.onEvent({ ...answer, count: 3 });
  expect(moved()).toBe(3);
  let stored = 0;
  const storing = exchange.store(target, (count) => (stored += count));
  exchange.onEvent({ type: 'bytes', id: 1, count: 4 });
  exchange.onEvent({ type: 'stored', id: 1, count: 6, crc64: '7', error: null });
  expect(await storing).toEqual({ storedBytes: 10, crc64: '7', error: null });
  expect(stored).toBe(10);
});
