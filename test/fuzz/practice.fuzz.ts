// The practice server listens on a port of this computer: whatever arrives there, it answers and lives on.
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PracticeServer, startPractice } from '../../main/practice/server.ts';
import { anyText, fuzz, mangled } from './runs.ts';

let folder: string;
let server: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-fuzz-'));
  server = await startPractice({ dataDir: join(folder, 'practice') });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Sends bytes as they are and gives the first line of the answer; '' where the server hung up. */
function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.endpoint);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.end(Buffer.from(text, 'utf8')));
    socket.setTimeout(5000, () => socket.destroy());
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
  });
}

const request = mangled(
  fc.constantFrom(
    'GET /waybill-samples?list-type=2&prefix=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: OSS4-HMAC-SHA256 Credential=a/20261124/cn-hangzhou/oss/aliyun_v4_request,Signature=beef\r\nx-oss-date: 20261124T000000Z\r\n\r\n',
    'PUT /waybill-samples/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 19\r\n\r\nAction=AssumeRole&x',
    'GET /waybill-samples/a?Expires=1&OSSAccessKeyId=a&Signature=b%2B HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=0-\r\n\r\n',
  ),
);

test('whatever is sent without a valid signature changes and shows nothing, and the server lives on', async () => {
  await fuzz(
    'bytes of requests',
    fc.asyncProperty(fc.oneof(request, anyText), async (text) => {
      expect(await sendRaw(text)).not.toMatch(/^HTTP\/1\.1 (2\d\d|500)/);
    }),
  );
  expect(await sendRaw('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 403/);
});
