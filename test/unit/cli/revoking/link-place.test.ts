import { expect, test } from 'vitest';
import { leadsToBucket } from '../../../../main/cli/revoking/link-place.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const query = 'Expires=1800000000&OSSAccessKeyId=LTAI5tEXAMPLE&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D';

/** A connection to a server that can't be reached, so that no custom domain is found there. */
function at(endpoint: string, cname = false): Connection {
  const accessKey = { accessKeyId: 'LTAI5tEXAMPLE', accessKeySecret: 'secret', securityToken: null };
  return {
    ...{ endpoint: parseEndpoint(endpoint, { cname }), region: 'cn-hangzhou', signVersion: 'v4' },
    accessKey: () => Promise.resolve(accessKey),
    dispatcher: { request: () => Promise.reject(new Error('offline')) } as unknown as Connection['dispatcher'],
    clock: new ServerClock(),
  };
}

function leads(connection: Connection, base: string, known: string | null = null): Promise<boolean> {
  const url = `${base}?${query}`;
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(`no link: ${reading.kind}`);
  const { signal } = new AbortController();
  return leadsToBucket({ url, parts: reading.parts, note: null }, { connection, bucket: 'my-bucket', known, signal });
}

const hangzhou = at('https://oss-cn-hangzhou.aliyuncs.com');

test.each([
  'https://my-bucket.oss-cn-hangzhou.aliyuncs.com/k',
  'https://my-bucket.oss-cn-hangzhou-internal.aliyuncs.com/k',
  'https://my-bucket.oss-accelerate.aliyuncs.com/k',
])('%s is a host of the bucket', async (base) => {
  expect(await leads(hangzhou, base)).toBe(true);
});

test.each([
  'https://other.oss-cn-hangzhou.aliyuncs.com/k',
  'http://my-bucket.oss-cn-hangzhou.aliyuncs.com/k',
  'https://files.example.com/k',
  'https://127.0.0.1/my-bucket/k',
])('%s is none, or anyone on the way could answer for it', async (base) => {
  expect(await leads(hangzhou, base)).toBe(false);
});

test('a custom domain counts where it is the connection’s own, or was noted', async () => {
  expect(await leads(at('https://files.example.com', true), 'https://files.example.com/k')).toBe(true);
  expect(await leads(hangzhou, 'https://files.example.com/k', 'files.example.com')).toBe(true);
  expect(await leads(hangzhou, 'https://files.example.com/k', 'other.example.com')).toBe(false);
});

test('on this computer the port counts', async () => {
  const local = at('http://127.0.0.1:9000');
  expect(await leads(local, 'http://127.0.0.1:9000/my-bucket/k')).toBe(true);
  expect(await leads(local, 'http://127.0.0.1:9001/my-bucket/k')).toBe(false);
  expect(await leads(local, 'http://127.0.0.1:9000/other/k')).toBe(false);
});
