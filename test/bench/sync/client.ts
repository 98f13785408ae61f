import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { compare } from '../../../main/sync/compare.ts';
import type { BenchServer } from '../list/list.ts';

/** A comparison in a process of its own, so that its memory is nobody else's. */
const { endpoint, accessKeyId, accessKeySecret, folder } = JSON.parse(process.argv[2] ?? '') as BenchServer & {
  readonly folder: string;
};
const dispatcher = makeDispatcher();
const connection: Connection = {
  endpoint: parseEndpoint(endpoint),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
  dispatcher,
  clock: new ServerClock(),
};
const startedAt = performance.now();
let same = 0;
const rule = { direction: 'up', folder, bucket: 'bench', prefix: 'to/', compare: 'time', keepsNewer: false } as const;
const entries = compare(
  { ...rule, deletes: true, include: [], exclude: ['*.tmp'] },
  { atBucket: (operation) => operation(connection), signal: new AbortController().signal },
);
for await (const page of entries) same += page.filter(({ difference }) => difference === 'same').length;
const seconds = (performance.now() - startedAt) / 1000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
await dispatcher.destroy();
console.log(JSON.stringify({ same, seconds, cpu: (userCPUTime + systemCPUTime) / 1e6, peakMib: maxRSS / 1024 }));
