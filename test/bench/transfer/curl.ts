import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { signedUrlMaker } from '../../../main/oss/signing/signed-url.ts';
import { BUCKET, type ClientOrders, type ClientReport, keyOf, REGION, testKey } from './orders.ts';

const run = promisify(execFile);

/** Moves the files of one case with one curl and signed URLs. It checks nothing. */
export async function runCurl(orders: ClientOrders): Promise<ClientReport> {
  const { direction, count, sizeBytes, folder, endpoint, parallel } = orders;
  const makeUrl = signedUrlMaker({
    method: direction === 'put' ? 'PUT' : 'GET',
    bucket: BUCKET,
    endpoint: parseEndpoint(endpoint),
    region: REGION,
    signVersion: 'v4',
    accessKey: testKey,
    signedAt: Date.now(),
    expiresSeconds: 3600,
  });
  const file = direction === 'put' ? 'upload-file' : 'output';
  const transfers = Array.from({ length: count }, (_, index) => {
    const url = makeUrl(keyOf(sizeBytes, String(index)));
    return `url = "${url}"\n${file} = "${join(folder, String(index))}"\nsilent\nfail\n`;
  });
  const config = join(folder, '.curl');
  await writeFile(config, transfers.join('next\n'));
  const command = `TIMEFORMAT='%R %U %S'; time curl --no-progress-meter --parallel --parallel-immediate --parallel-max ${parallel} -K "$0"`;
  const { stderr } = await run('bash', ['-c', command, config]);
  const [seconds = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, peakBytes: 0 };
}
