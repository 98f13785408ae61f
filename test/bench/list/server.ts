import { startPractice } from '../../../main/practice/server.ts';
import { makeBucketOfKeys } from '../../support/many-keys.ts';

/**
 * The practice server in a process of its own, with a bucket `bench` of as many keys as the second argument says, below
 * `scans/`. The first argument is an empty folder. Prints its endpoint and key as one line of JSON.
 */
const [dataDir = '', count = '0'] = process.argv.slice(2);

function* keys(): Generator<{ readonly key: string; readonly sizeBytes: number }> {
  for (let at = 0; at < Number(count); at += 1) {
    yield { key: `scans/waybill scan ${String(at).padStart(8, '0')}.tif`, sizeBytes: (at * 7919) % 5_000_000 };
  }
}

await makeBucketOfKeys(dataDir, 'bench', keys());
const { endpoint, accessKeyId, accessKeySecret } = await startPractice({ dataDir });
console.log(JSON.stringify({ endpoint, accessKeyId, accessKeySecret }));
