import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Failure, malformedReply, WaybillError } from '../../../main/failure.ts';
import { inParallel } from '../../../main/transfers/parallel.ts';
import { retry } from '../../../main/transfers/retry-policy.ts';
import { storeOnce } from '../../../main/transfers/store-once.ts';

const { signal } = new AbortController();

/** Work that notes who runs, and how many at most. */
function makeWork(turns = 3) {
  const seen = { started: [] as number[], running: 0, most: 0 };
  const work = async (item: number): Promise<void> => {
    seen.started.push(item);
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    for (let count = 0; count < turns; count += 1) await turn();
    seen.running -= 1;
  };
  return { seen, work };
}

test('all items are worked on in order, as many at a time as allowed, and at least one', async () => {
  for (const [limit, most] of [
    [2, 2],
    [0, 1],
    [9, 5],
  ] as const) {
    const { seen, work } = makeWork();
    await inParallel([1, 2, 3, 4, 5], () => limit, signal, work);
    expect(seen).toEqual({ started: [1, 2, 3, 4, 5], running: 0, most });
  }
  await inParallel(
    [],
    () => 1,
    signal,
    () => Promise.reject(new Error('unused')),
  );
});

test('a limit that rises counts from the next item on', async () => {
  const { seen, work } = makeWork();
  await inParallel([1, 2, 3, 4, 5], () => (seen.started.length < 2 ? 1 : 3), signal, work);
  expect(seen.most).toBe(3);
});

test('the first error stops the others, and is thrown once they have stopped', async () => {
  const { seen, work } = makeWork(20);
  const aborted: boolean[] = [];
  const first = new Error('first');
  const run = inParallel(
    [1, 2, 3, 4],
    () => 2,
    signal,
    async (item, its) => {
      if (item === 2) throw first;
      await work(item);
      aborted.push(its.aborted);
      throw new Error('later');
    },
  );
  await expect(run).rejects.toBe(first);
  expect([seen, aborted]).toEqual([{ started: [1], running: 0, most: 1 }, [true]]);
});

test('work that is cancelled from outside begins nothing more, and says so', async () => {
  const abort = new AbortController();
  const { seen, work } = makeWork();
  const run = inParallel(
    [1, 2, 3],
    () => 1,
    abort.signal,
    async (item) => {
      abort.abort(new Error('cancelled'));
      await work(item);
    },
  );
  await expect(run).rejects.toThrow('cancelled');
  expect(seen.started).toEqual([1]);
});

const exists: Failure = { kind: 'oss', cause: 'exists', status: 409, code: 'FileAlreadyExists', message: '' };
const lost = malformedReply(200, 'cut short');

/** A write whose attempts fail with these errors, in turn. */
function write(errors: readonly Error[], earlier: string | null = 'earlier') {
  const asked: Failure[] = [];
  let attempts = 0;
  const run = storeOnce<string>(
    {
      send: () => {
        const error = errors[attempts];
        attempts += 1;
        return error === undefined ? Promise.resolve('sent') : Promise.reject(error);
      },
      isRefusal: ({ kind }) => kind === 'oss',
      findEarlier: (failure) => {
        asked.push(failure);
        return Promise.resolve(earlier);
      },
    },
    signal,
  );
  return { run, asked, attempts: () => attempts };
}

test('a write that is refused after its answer was lost has been done', async () => {
  const { run, asked, attempts } = write([lost, new WaybillError(exists)]);
  expect([await run, asked, attempts()]).toEqual(['earlier', [exists], 2]);
});

test('a write that is refused at once was not done by us', async () => {
  const { run, asked } = write([new WaybillError(exists)]);
  await expect(run).rejects.toMatchObject({ failure: exists });
  expect(asked).toEqual([]);
});

test('a write that is refused for what others stored fails; one that breaks otherwise is not looked for', async () => {
  const { run, asked } = write([lost, new WaybillError(exists)], null);
  await expect(run).rejects.toMatchObject({ failure: exists });
  expect(asked).toHaveLength(1);
  const denied = write([lost, new WaybillError({ kind: 'file', reason: 'denied', path: '/x' })]);
  await expect(denied.run).rejects.toMatchObject({ failure: { kind: 'file' } });
  expect(denied.asked).toEqual([]);
  expect(await write([]).run).toBe('sent');
});

test('who asks for more time than a request has gets it from the transfer, which frees its slot meanwhile', async () => {
  const limits = { attempts: 3, minDelayMs: 0, maxDelayMs: 5 };
  const attemptsAfter = async (retryAfterMs: number): Promise<number> => {
    let attempts = 0;
    const failure = { kind: 'oss', cause: 'busy', status: 503, code: 'B', message: '', retryAfterMs } as const;
    const work = (attempt: number) => {
      attempts = attempt;
      return Promise.reject(new WaybillError(failure));
    };
    await expect(retry(work, limits, signal)).rejects.toMatchObject({ failure });
    return attempts;
  };
  expect([await attemptsAfter(6), await attemptsAfter(5)]).toEqual([1, 3]);
});

test('what was cancelled is not tried again', async () => {
  const abort = new AbortController();
  let attempts = 0;
  const run = retry(
    () => {
      attempts += 1;
      abort.abort();
      return Promise.reject(lost);
    },
    { attempts: 5, minDelayMs: 0, maxDelayMs: 0 },
    abort.signal,
  );
  await expect(run).rejects.toBe(lost);
  expect(attempts).toBe(1);
});
