import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';

let practice: PracticeBucket;
beforeEach(async () => {
  practice = await makePracticeBucket();
});

test('a client that leaves while its second request waits behind the first leaves no handler behind', async () => {
  const { port, host } = new URL(practice.server.endpoint);
  practice.server.faults.add({ match: { key: 'slow' }, effect: { kind: 'latency', ms: 100 } });
  for (let round = 0; round < 10; round += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    for (const key of ['slow', 'quick'])
      socket.write(`GET /${practice.bucket}/${key} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    // The server must have read both, and answered the first not yet.
    await sleep(5 * round);
    socket.destroy();
    await once(socket, 'close');
  }
  // Ends only when all handlers have.
  await expect(practice.close()).resolves.toBeUndefined();
});
