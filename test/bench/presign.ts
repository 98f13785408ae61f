import OSS from 'ali-oss';
import { parseEndpoint } from '../../main/oss/endpoint.ts';
import { signedUrlMaker, type SignedUrlOptions } from '../../main/oss/signing/signed-url.ts';

/** ali-oss's types do not know its V4 signer. */
type AliOss = OSS & {
  signatureUrlV4(
    method: string,
    expires: number,
    request: { queries?: Record<string, string> },
    key: string,
  ): Promise<string>;
};

/** One comparison: links per second of processor time, medians of the rounds. */
export interface PresignResult {
  readonly what: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly goal: number;
}

const ROUNDS = 7;
const LINKS = 4000;

const pair = {
  accessKeyId: 'LTAI5tExampleExample',
  accessKeySecret: 'ExampleSecretExampleSecretExam',
  securityToken: null,
};

const keys = Array.from({ length: LINKS }, (_, index) => `reports/2026/11/file ${index} 运单.csv`);

/** Measures both signers in turn, round by round, so that whatever else the machine does meets both. */
export async function benchPresign(): Promise<readonly PresignResult[]> {
  const client = new OSS({ ...pair, bucket: 'example-bucket', region: 'oss-cn-hangzhou', secure: true }) as AliOss;
  const base: Omit<SignedUrlOptions, 'key' | 'signVersion'> = {
    method: 'GET',
    bucket: 'example-bucket',
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    region: 'cn-hangzhou',
    accessKey: pair,
    signedAt: Date.now(),
    expiresSeconds: 3600,
  };
  const params = { 'response-content-disposition': 'attachment' };
  const v4 = await compare(
    () => {
      const make = signedUrlMaker({ ...base, signVersion: 'v4', params });
      for (const key of keys) make(key);
    },
    async () => {
      for (const key of keys) await client.signatureUrlV4('GET', 3600, { queries: params }, key);
    },
  );
  const v1 = await compare(
    () => {
      const make = signedUrlMaker({ ...base, signVersion: 'v1', params });
      for (const key of keys) make(key);
    },
    () => {
      for (const key of keys)
        client.signatureUrl(key, { expires: 3600, response: { 'content-disposition': 'attachment' } });
    },
  );
  return [
    { what: 'V4, against signatureUrlV4', ...v4, goal: 6 },
    { what: 'V1, against signatureUrl', ...v1, goal: 3 },
  ];
}

async function compare(
  ours: () => void,
  theirs: () => void | Promise<void>,
): Promise<{ readonly ours: number; readonly theirs: number; readonly ratio: number }> {
  const rates: { ours: number; theirs: number }[] = [];
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rate = { ours: await rateOf(ours), theirs: await rateOf(theirs) };
    if (round > 0) rates.push(rate);
  }
  return {
    ours: median(rates.map((rate) => rate.ours)),
    theirs: median(rates.map((rate) => rate.theirs)),
    ratio: median(rates.map((rate) => rate.ours / rate.theirs)),
  };
}

/** Links per second of processor time: what other programs take of a busy machine is nobody's fault. */
async function rateOf(work: () => void | Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (LINKS / (user + system)) * 1_000_000;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
