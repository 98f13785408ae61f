import { ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';

/** A queue in a process of its own, to be killed. Its orders come as one JSON argument; it ends when all has ended. */
interface Orders {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly bucket: string;
  readonly journalFile: string;
  readonly upload: string | null;
  readonly download: { readonly key: string; readonly folder: string } | null;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const { accessKeyId, accessKeySecret, bucket, journalFile } = orders;
const dispatcher = new TransferAgent();
const accountId = '6f9d3f5e-0000-4000-8000-000000000001';
const queue = new TransferQueue({
  connection: () =>
    Promise.resolve({
      endpoint: parseEndpoint(orders.endpoint),
      region: 'cn-hangzhou',
      signVersion: 'v4',
      accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
      dispatcher,
      clock: new ServerClock(),
    }),
  dispatcher,
  journalFile,
  onUploaded: () => undefined,
  onBatch: () => endIfDone(),
});
if (orders.upload !== null) await queue.addUploads({ accountId, bucket, prefix: '', paths: [orders.upload] });
if (orders.download !== null) {
  const { key, folder } = orders.download;
  await queue.addDownloads({ accountId, bucket, keys: [key], prefixes: [], versionId: null, folder });
}
// The process before may have been killed when all was done: then there is nothing to tell.
endIfDone();

function endIfDone(): void {
  if (!queue.list().every(({ state }) => state.at === 'done')) return;
  void queue.close().then(() => dispatcher.destroy());
}
