// The practice server encrypts nothing, so a scripted one shows what a rewrite asks of OSS.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { rewriteObject } from '../../../main/properties/rewrite-object.ts';

let server: Server;
const dispatcher = makeDispatcher();

afterEach(async () => {
  await dispatcher.destroy();
  server.close();
});

/** Answers HEAD with these headers, and keeps those of the PUT. */
async function startServer(headers: Readonly<Record<string, string>>): Promise<{
  readonly connection: Connection;
  readonly copied: () => IncomingHttpHeaders;
}> {
  let put: IncomingHttpHeaders = {};
  server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (method === 'PUT') put = request.headers;
    const common = { 'x-oss-request-id': 'ID', 'x-oss-hash-crc64ecma': '1' };
    if (method === 'HEAD') {
      response.writeHead(200, { ...common, 'content-length': '10', etag: '"E"', ...headers }).end();
    } else if (url.includes('acl')) {
      const grant = '<AccessControlList><Grant>default</Grant></AccessControlList>';
      response.writeHead(200, common).end(`<AccessControlPolicy>${grant}</AccessControlPolicy>`);
    } else {
      const result = '<ETag>"E"</ETag><LastModified>2026-11-30T10:00:00.000Z</LastModified>';
      response.writeHead(200, common).end(`<CopyObjectResult>${result}</CopyObjectResult>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection: Connection = {
    ...{ endpoint: parseEndpoint(`http://127.0.0.1:${port}`), region: 'cn-hangzhou', signVersion: 'v4', dispatcher },
    accessKey: () => Promise.resolve({ accessKeyId: 'id', accessKeySecret: 'secret', securityToken: null }),
    clock: new ServerClock(),
  };
  return { connection, copied: () => put };
}

test('new headers leave an object encrypted as it was: method, key, and the algorithm SM4', async () => {
  const encryption = {
    'x-oss-server-side-encryption': 'KMS',
    'x-oss-server-side-encryption-key-id': '9468da86-3509-4f8d-a61e-6eab1eac1234',
    'x-oss-server-side-data-encryption': 'SM4',
  };
  const { connection, copied } = await startServer(encryption);
  const change = { headers: { 'cache-control': 'no-cache' } };
  await rewriteObject(connection, { bucket: 'ledger', key: 'a' }, change, new AbortController().signal);
  expect(copied()).toMatchObject({ ...encryption, 'x-oss-metadata-directive': 'REPLACE', 'cache-control': 'no-cache' });
});
