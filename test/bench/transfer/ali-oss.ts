import OSS from 'ali-oss';
import { join } from 'node:path';
import { BUCKET, type ClientOrders, keyOf, type Mover, PART_BYTES, testKey } from './orders.ts';

/** The official SDK. It checks nothing. */
export function makeAliOss({ endpoint, folder, sizeBytes, direction }: ClientOrders): Mover {
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
