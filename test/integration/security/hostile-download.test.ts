// What a server says about an object must not become what a program of ours does.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { sendUnsigned } from '../../../main/oss/exchange/request.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { linkSource } from '../../../main/transfers/download/object-source.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { makeWatch } from '../transfers/practice-bucket.ts';

let folder: string;
let agent: TransferAgent;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-hostile-'));
});
beforeEach(() => {
  agent = new TransferAgent();
});
afterEach(() => agent.destroy());
afterAll(() => rm(folder, { recursive: true }));

test.each(['bytes 5-15/16', 'bytes 5-4/16', 'bytes 0-10/5', 'bytes 0-10/11', '0-10/11'])(
  'a first part that is %j is not taken for the beginning of the object',
  async (range) => {
    let requests = 0;
    const isRight = range === 'bytes 0-10/11';
    const server = await startRawServer((socket) => {
      requests += 1;
      const right = requests === 2 ? 'bytes 0-10/11' : range;
      const head = `HTTP/1.1 206 Partial Content\r\nContent-Range: ${right}\r\nContent-Length: 11\r\nETag: "e"\r\n\r\n`;
      socket.write(`${head}hello world`);
    });
    onTestFinished(() => server.close());
    const source = linkSource(`${server.origin}/b/k`, { host: '127.0.0.1', params: [] }, agent);
    const target = join(folder, crypto.randomUUID());
    await downloadObject({ source, target, replace: true, checkpoint: null }, makeWatch().download);
    // A malformed reply is asked for again.
    expect(requests).toBe(isRight ? 1 : 2);
    expect(await readFile(target, 'utf8')).toBe('hello world');
  },
);

test.each([
  'http://[::zz]/k',
  'http://a b/k',
  'http://a%00b/k',
  'http://user@host/k',
  'http://host:99999/k',
  'http://host:/k',
  // Cut to 8 bits, these letters are CR, LF and a blank.
  'http://x\u010d\u010aPOST\u0120/k',
  'http://b\u00fccher.example/k',
  'http://host/\u4f60',
  'http://host/a\nb',
])('the link %j is malformed, and nothing is sent', async (url) => {
  for (const expects of ['text', 'file'] as const) {
    const error: unknown = await sendUnsigned(url, { method: 'GET', expects }, agent).catch(
      (thrown: unknown) => thrown,
    );
    expect(toFailure(error)).toEqual({ kind: 'link', cause: 'damaged' });
  }
});
