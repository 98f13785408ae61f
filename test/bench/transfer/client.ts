import OSS from 'ali-oss';
import { join } from 'node:path';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/oss/http.ts';
import { downloadObject } from '../../../main/transfers/download.ts';
import { inParallel } from '../../../main/transfers/parallel.ts';
import { accountSource } from '../../../main/transfers/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload.ts';
import { BUCKET, type ClientOrders, type ClientReport, keyOf, PART_BYTES, REGION, testKey } from './orders.ts';

/** Moves the files of one case with one client, in a process of its own, and prints what that cost. */
const orders = JSON.parse(process.argv[2] ?? '') as ClientOrders;
const { direction, count, sizeBytes, folder, endpoint, parallel } = orders;
const signal = new AbortController().signal;
const names = Array.from({ length: count }, (_, index) => String(index));

const clients = { waybill, 'ali-oss': aliOss } as const;
const move = clients[orders.client as keyof typeof clients]();

const cpu = process.cpuUsage();
const start = performance.now();
await inParallel(names, parallel, signal, move);
const { user, system } = process.cpuUsage(cpu);
const report: ClientReport = {
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(report));
process.exit(0);

function waybill(): (name: string) => Promise<void> {
  const connection: Connection = {
    endpoint: parseEndpoint(endpoint),
    region: REGION,
    signVersion: 'v4',
    accessKey: () => Promise.resolve(testKey),
    dispatcher: makeDispatcher(),
    clock: new ServerClock(),
  };
  const watch = {
    signal,
    onBytes: () => undefined,
    onSize: () => undefined,
    onVerifying: () => undefined,
    onCheckpoint: () => undefined,
    onPart: () => undefined,
    onSpan: () => undefined,
  };
  return async (name) => {
    const key = keyOf(sizeBytes, name);
    const { verified } =
      direction === 'put'
        ? await uploadFile(
            { connection, bucket: BUCKET, key, path: join(folder, name), existing: 'replace', checkpoint: null },
            watch,
          )
        : await downloadObject(
            {
              source: accountSource(connection, { bucket: BUCKET, key }),
              target: join(folder, name),
              replace: true,
              checkpoint: null,
            },
            watch,
          );
    if (verified !== 'crc64') throw new Error('not verified');
  };
}

function aliOss(): (name: string) => Promise<void> {
  const { accessKeyId, accessKeySecret } = testKey;
  const client = new OSS({ accessKeyId, accessKeySecret, endpoint, bucket: BUCKET, timeout: 600_000 });
  return async (name) => {
    const key = keyOf(sizeBytes, name);
    const path = join(folder, name);
    if (direction === 'get') await client.get(key, path);
    else if (sizeBytes <= PART_BYTES) await client.put(key, path);
    else await client.multipartUpload(key, path, { parallel: 4, partSize: PART_BYTES });
  };
}
