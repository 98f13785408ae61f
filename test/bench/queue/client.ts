import { statSync } from 'node:fs';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';
import { BUCKET, REGION, testKey } from '../transfer/orders.ts';
import type { QueueNews, QueueOrders } from './orders.ts';

/** A queue in a process of its own, so that its memory is nobody else's and it can be killed. */
const { endpoint, journalFile, folder, tellAt } = JSON.parse(process.argv[2] ?? '') as QueueOrders;
const dispatcher = new TransferAgent();
const connection: Connection = {
  endpoint: parseEndpoint(endpoint),
  region: REGION,
  signVersion: 'v4',
  accessKey: () => Promise.resolve(testKey),
  dispatcher,
  clock: new ServerClock(),
};
const startedAt = performance.now();
let ended = 0;
const queue = new TransferQueue({
  connection: () => Promise.resolve(connection),
  dispatcher,
  journalFile,
  overwrite: () => 'replace',
  onUploaded: () => undefined,
  onBatch: () => undefined,
  onEnded: ({ state, folder: own }) => {
    if (state.at === 'failed') throw new Error(JSON.stringify(state));
    if (own !== null) void end();
    else if ((ended += 1) === tellAt) {
      tell({ at: 'reached', peakMib: peakMib(), journalMib: statSync(journalFile).size / 1024 ** 2 });
    }
  },
});
const openedAt = performance.now();
const doneBefore = queue.list()[0]?.doneBytes ?? 0;
const timer = setInterval(() => {
  if ((queue.list()[0]?.doneBytes ?? 0) <= doneBefore) return;
  clearInterval(timer);
  tell({ at: 'moving', openedMs: openedAt - startedAt, firstByteMs: performance.now() - openedAt });
}, 2);
if (folder !== null) {
  const accountId = '6f9d3f5e-0000-4000-8000-000000000001';
  await queue.addUploads({ accountId, bucket: BUCKET, prefix: '', paths: [folder] });
}

async function end(): Promise<void> {
  await queue.close();
  await dispatcher.destroy();
  tell({ at: 'done', peakMib: peakMib(), seconds: (performance.now() - startedAt) / 1000 });
}

function peakMib(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function tell(news: QueueNews): void {
  console.log(JSON.stringify(news));
}
