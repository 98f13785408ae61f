// An STS server that means harm, or that someone put in the way.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import httpx from 'httpx';
import { expect, onTestFinished, test } from 'vitest';
import { sendThrough } from '../../../main/accounts/sts/sts-transport.ts';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { toFailure } from '../../../main/failure.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { ServerClock } from '../../../main/oss/connection.ts';

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = makeDispatcher();
  onTestFinished(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, dispatcher };
}

function assume(
  { endpoint, dispatcher, signal }: Awaited<ReturnType<typeof serve>> & { readonly signal?: AbortSignal },
  securityToken: string | null = null,
) {
  return assumeRole({
    signal,
    accessKey: { accessKeyId: 'LTAI-hostile', accessKeySecret: 'a-secret', securityToken },
    stsEndpoint: endpoint,
    clock: new ServerClock(),
    dispatcher,
    roleArn: 'acs:ram::1:role/r',
    sessionName: 's',
    durationSeconds: 900,
  }).then(
    ({ accessKey }) => accessKey,
    (error: unknown) => toFailure(error),
  );
}

test('a reply without an end is given up after a mebibyte', async () => {
  let sentBytes = 0;
  const server = await serve((_request, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      sentBytes += 65_536;
      response.write(' '.repeat(65_536), () => setImmediate(more));
    };
    response.on('error', () => undefined);
    more();
  });
  expect(await assume(server)).toMatchObject({ kind: 'oss', code: 'MalformedReply' });
  // What the sockets hold comes on top.
  expect(sentBytes).toBeLessThan(32 * 1024 * 1024);
});

test('a reply of a byte now and then is given up, although it is never silent for long', async () => {
  const { endpoint, dispatcher } = await serve((_request, response) => {
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  const call = sendThrough({ dispatcher }, () => httpx.request(endpoint, { readTimeout: 300 }));
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
});

test.each([0, 1])('a server that hangs after %i answers is left as soon as the command ends', async (answers) => {
  const ended = new AbortController();
  let asked = 0;
  const server = await serve((_request, response) => {
    asked += 1;
    if (asked > answers) {
      ended.abort();
      return;
    }
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Code: 'InvalidTimeStamp.Expired', Message: 'no', RequestId: 'r' }));
  });
  expect(await assume({ ...server, signal: ended.signal })).toEqual({ kind: 'cancelled' });
});

test('a server that is ten years ahead is not believed', async () => {
  const methods: string[] = [];
  const server = await serve((request, response) => {
    methods.push(request.method ?? '');
    response.writeHead(400, { date: 'Wed, 26 Nov 2036 00:00:00 GMT', 'content-type': 'application/json' });
    response.end(JSON.stringify({ Code: 'InvalidTimeStamp.Expired', Message: 'no', RequestId: 'r' }));
  });
  expect(await assume(server)).toMatchObject({ kind: 'credentials', cause: 'clock-skew' });
  // It was asked for its time, and then nothing was signed by it.
  expect(methods).toEqual(['POST', 'GET']);
});

test('a server that repeats the signature and the token is not quoted', async () => {
  const { endpoint, dispatcher } = await serve((request, response) => {
    const { authorization = '', 'x-acs-security-token': token = '' } = request.headers;
    const echo = `${authorization} ${String(token)} ${encodeURIComponent(String(token))}`;
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Code: String(token), Message: echo, RequestId: echo }));
  });
  const failure = await assume({ endpoint, dispatcher }, `CAIS${'token+/'.repeat(20)}`);
  expect(failure).toMatchObject({ kind: 'credentials', cause: 'role-refused', code: 'Http403' });
  expect(JSON.stringify(failure)).not.toMatch(/Signature=[0-9a-f]|token\+|token%2B/);
});

test.each([
  [
    'shares runs of characters with the request’s token arrives unchanged',
    'CAISv8A+shared/by/all/tokens/of/one/account+2',
  ],
  ['is the request’s own is refused', null],
])('a new token that %s', async (_what, fresh) => {
  const own = 'CAISv8A+shared/by/all/tokens/of/one/account+1';
  const session = { AccessKeyId: 'STS.new', AccessKeySecret: 'b-secret', SecurityToken: fresh ?? own };
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ RequestId: 'r', Credentials: { ...session, Expiration: '2036-11-26T00:00:00Z' } }));
  });
  expect(await assume(server, own)).toMatchObject(
    fresh === null ? { kind: 'oss', code: 'MalformedReply' } : { securityToken: fresh },
  );
});
