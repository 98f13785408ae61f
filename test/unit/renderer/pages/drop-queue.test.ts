import { describe, expect, test } from 'vitest';
import { Blocked, Connection, waitMs } from '../../../../renderer/pages/drop/connection.ts';
import type { Outcome } from '../../../../renderer/pages/drop/form-upload.ts';
import type { Reply } from '../../../../renderer/pages/drop/http.ts';
import type { Item, Problem } from '../../../../renderer/pages/drop/items.ts';
import { Pace } from '../../../../renderer/pages/drop/pace.ts';
import { Queue } from '../../../../renderer/pages/drop/queue.ts';
import { retry } from '../../../../renderer/pages/drop/retry.ts';

const stored: Outcome = { stored: { key: 'in/a', proof: 'verified', crc64: '1', ossRequestId: 'R', at: 0 } };

function answer(status: number, fields: Partial<Reply> = {}): Reply {
  return {
    status,
    body: '',
    sentBytes: 0,
    isResent: false,
    crc64: null,
    etag: null,
    ossRequestId: null,
    date: null,
    ...fields,
  };
}

/** A queue whose uploads end when the test says so. */
function makeQueue(check: (name: string) => Problem | null = () => null) {
  const connection = new Connection(() => queue.pump());
  const running = new Map<string, (outcome: Outcome | Error) => void>();
  const queue: Queue = new Queue({
    connection,
    check: ({ path }) => check(path),
    upload: (item) =>
      new Promise((resolve, reject) => {
        item.control.signal.addEventListener('abort', () => reject(item.control.signal.reason as Error));
        running.set(item.path, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      }),
    onChange: () => undefined,
    makeStart: () => 'start',
  });
  const add = (...names: readonly string[]): readonly Item[] =>
    queue.add(names.map((path) => ({ path, file: new File(['x'], path) })));
  const end = async (name: string, outcome: Outcome | Error = stored): Promise<void> => {
    running.get(name)?.(outcome);
    running.delete(name);
    await new Promise((done) => setImmediate(done));
  };
  const states = (): readonly string[] => queue.items.map(({ state }) => state.at);
  return { queue, connection, running, add, end, states };
}

describe('the queue', () => {
  test('sends the first file alone until the bucket takes something, then three at once', async () => {
    const { queue, connection, running, add, end } = makeQueue();
    add('a', 'b', 'c', 'd', 'e');
    expect(running.size).toBe(0);
    queue.start();
    expect([...running.keys()]).toEqual(['a']);
    connection.noteProgress();
    expect([...running.keys()]).toEqual(['a', 'b', 'c']);
    await end('b');
    expect([...running.keys()]).toEqual(['a', 'c', 'd']);
  });

  test('waits when the bucket never answered, and goes on with the same file', async () => {
    const { queue, connection, running, add, end, states } = makeQueue();
    add('a', 'b');
    queue.start();
    expect(() => connection.block()).toThrow(Blocked);
    await end('a', new Blocked());
    expect(states()).toEqual(['waiting', 'waiting']);
    expect(running.size).toBe(0);
    queue.unblock();
    expect([...running.keys()]).toEqual(['a']);
  });

  test('does not send what is refused before, and sends the others', () => {
    const { queue, add, states } = makeQueue((name) => (name === 'b' ? { kind: 'empty' } : null));
    add('a', 'b');
    queue.start();
    expect(states()).toEqual(['sending', 'failed']);
  });

  test('cancels one file; what had left may have arrived', async () => {
    const { queue, connection, add, end, states } = makeQueue();
    const [a, b] = add('a', 'b');
    connection.noteProgress();
    queue.start();
    if (a === undefined || b === undefined) throw new Error('two files');
    b.state = { at: 'finishing' };
    queue.cancel(a);
    queue.cancel(b);
    expect([a.state, b.state]).toEqual([
      { at: 'cancelled', mayHaveArrived: false },
      { at: 'cancelled', mayHaveArrived: true },
    ]);
    await end('b');
    expect(states()).toEqual(['cancelled', 'cancelled']);
  });

  test('when the page expires, what runs may end well, and the rest is not sent', async () => {
    const { queue, add, end, states } = makeQueue();
    add('a', 'b');
    queue.start();
    queue.close({ because: 'expired' });
    expect(states()).toEqual(['sending', 'failed']);
    await end('a');
    expect(states()).toEqual(['stored', 'failed']);
  });

  test('when its permission is gone, everything ends', async () => {
    const { queue, connection, add, end, states } = makeQueue();
    add('a', 'b', 'c', 'd');
    connection.noteProgress();
    queue.start();
    await end('a', { problem: { kind: 'closed', closing: { because: 'revoked' } } });
    expect(states()).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(queue.closing).toEqual({ because: 'revoked' });
  });

  test('a file keeps its key when it is sent again, unless it arrived damaged', async () => {
    const { queue, add, end } = makeQueue();
    const [a] = add('a');
    if (a === undefined) throw new Error('one file');
    queue.start();
    [a.key, a.mayHaveArrived] = ['in/a', true];
    await end('a', { problem: { kind: 'interrupted' } });
    queue.again(a);
    expect([a.key, a.mayHaveArrived]).toEqual(['in/a', true]);
    await end('a', { problem: { kind: 'damaged' } });
    queue.againAll();
    expect([a.key, a.mayHaveArrived]).toEqual([null, false]);
  });
});

describe('a request', () => {
  const { signal } = new AbortController();
  const repeated = (connection: Connection, replies: readonly Reply[], canRead = true) => {
    const left = [...replies];
    return retry({
      ...{ connection, signal, canRead: () => Promise.resolve(canRead) },
      attempt: () => Promise.resolve(left.shift() ?? answer(200)),
      onWait: (isWaiting) => {
        if (isWaiting) queueMicrotask(() => setImmediate(() => connection.wake()));
      },
    });
  };

  test('is not repeated when nothing of this page ever arrived', async () => {
    const connection = new Connection(() => undefined);
    await expect(repeated(connection, [answer(0)])).rejects.toThrow(Blocked);
    expect(connection.contact).toBe('blocked');
  });

  test('is repeated after a cut, and remembers that it may have arrived', async () => {
    const connection = new Connection(() => undefined);
    connection.noteProgress();
    const end = await repeated(connection, [answer(0, { sentBytes: 5 }), answer(503)]);
    expect(end).toMatchObject({ answer: { is: 'stored' }, mayHaveArrived: true });
    expect(connection.contact).toBe('good');
  });

  test('waits for the network as long as it takes, when nothing left the browser', async () => {
    const connection = new Connection(() => undefined);
    connection.noteProgress();
    const end = await repeated(
      connection,
      Array.from({ length: 50 }, () => answer(0)),
    );
    expect(end).toMatchObject({ answer: { is: 'stored' }, mayHaveArrived: false });
  });

  test('ends after eight attempts that reached the server', async () => {
    const connection = new Connection(() => undefined);
    const end = await repeated(
      connection,
      Array.from({ length: 20 }, () => answer(500)),
    );
    expect(end.answer.is).toBe('busy');
  });

  test('ends at once when the file can’t be read any more', async () => {
    const connection = new Connection(() => undefined);
    connection.noteProgress();
    expect((await repeated(connection, [answer(0)], false)).answer.is).toBe('unreadable');
  });
});

test('waits double up to half a minute, a quarter more or less', () => {
  expect([0, 1, 2, 9].map((tries) => waitMs(tries, 0.5))).toEqual([1000, 2000, 4000, 30_000]);
  expect([waitMs(0, 0), waitMs(0, 1)]).toEqual([750, 1250]);
});

test('the page goes by the server’s clock once it has seen it', () => {
  const connection = new Connection(() => undefined);
  connection.noteReply(answer(200));
  expect(connection.knowsTime).toBe(false);
  connection.noteReply(answer(403, { date: Date.now() + 3_600_000 }));
  expect(connection.knowsTime).toBe(true);
  expect(connection.now() - Date.now()).toBeGreaterThan(3_599_000);
});

test('the time left follows from the last seconds, and is unknown at first and after a step back', () => {
  const pace = new Pace();
  pace.note(0, 0);
  expect(pace.msFor(100)).toBeNull();
  pace.note(1000, 4000);
  expect(pace.msFor(500)).toBe(2000);
  pace.note(200, 5000);
  expect(pace.msFor(500)).toBeNull();
});
