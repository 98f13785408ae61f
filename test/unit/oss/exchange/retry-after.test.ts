import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { expect, test } from 'vitest';
import type { Failure } from '../../../../main/failure.ts';
import { retryAfterMs } from '../../../../main/oss/exchange/errors.ts';
import { sendUnsigned } from '../../../../main/oss/exchange/request.ts';
import { type RetryLimits, retry, REQUEST_RETRY, retryDelayMs } from '../../../../main/transfers/retry-policy.ts';

const date = 'Wed, 25 Nov 2026 10:00:00 GMT';

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '999999999999' }, 300_000],
  [{ date, 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT' }, 20_000],
  [{ date, 'retry-after': 'Wed, 25 Nov 2026 09:00:00 GMT' }, 0],
  [{ date, 'retry-after': 'Fri, 25 Dec 2026 10:00:00 GMT' }, 300_000],
])('of %j a wait of %j ms is read', (headers, expected) => {
  expect(retryAfterMs(headers, Date.parse('Wed, 25 Nov 2026 10:00:10 GMT'))).toBe(expected);
});

test('what the server asks for is waited, and what spreads the clients comes on top', () => {
  const failure: Failure = {
    kind: 'oss',
    cause: 'busy',
    status: 503,
    code: 'SlowDown',
    message: '',
    retryAfterMs: 4_000,
  };
  const waits = Array.from({ length: 200 }, () => retryDelayMs(failure, 3, REQUEST_RETRY));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(4_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  expect(new Set(waits).size).toBeGreaterThan(50);
});

/** Sends requests to a server that refuses the first one, as often as the policy allows; returns when each was sent. */
async function askRefusing(status: number, retryAfter: string, patience: RetryLimits) {
  const moments: number[] = [];
  const server = createServer((_, response) => {
    moments.push(performance.now());
    if (moments.length === 1) response.writeHead(status, { 'retry-after': retryAfter });
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const dispatcher = new Agent();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  const ask = () => sendUnsigned(url, { method: 'GET' }, dispatcher).then(({ body }) => body.resume());
  try {
    await retry(ask, patience, new AbortController().signal);
    return moments;
  } finally {
    await dispatcher.destroy();
    server.close();
  }
}

test.each([503, 429])('a server that answers %i with Retry-After is left alone for so long', async (status) => {
  const [first = 0, second = 0] = await askRefusing(status, '1', { attempts: 2, minDelayMs: 1, maxDelayMs: 1_000 });
  expect(second - first).toBeGreaterThanOrEqual(990);
});

test('a wait that is longer than a request may take is left to the transfer, which gives its place away', async () => {
  const asked = askRefusing(503, '60', { attempts: 2, minDelayMs: 1, maxDelayMs: 1_000 });
  await expect(asked).rejects.toMatchObject({
    failure: { kind: 'oss', cause: 'busy', status: 503, retryAfterMs: 60_000 },
  });
});
