import { join } from 'node:path';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { USUAL_CONNECTIONS } from '../../../main/transfers/byte-work.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import { BUCKET, type ClientOrders, keyOf, type Mover, REGION, testKey } from './orders.ts';

/** The byte work of the app, as its queue uses it. Every byte is checked. */
export function makeWaybill({ endpoint, folder, sizeBytes, direction }: ClientOrders): Mover {
  const { signal } = new AbortController();
  const connection: Connection = {
    endpoint: parseEndpoint(endpoint),
    region: REGION,
    signVersion: 'v4',
    accessKey: () => Promise.resolve(testKey),
    dispatcher: new TransferAgent(),
    clock: new ServerClock(),
  };
  const watch = {
    signal,
    connections: () => USUAL_CONNECTIONS,
    onBytes: () => undefined,
    onKept: () => undefined,
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
