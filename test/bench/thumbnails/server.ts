import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateSync } from 'node:zlib';
import { startPractice } from '../../../main/practice/server.ts';
import { makeBucketOfKeys } from '../../support/many-keys.ts';

/**
 * The practice server in a process of its own, with a bucket `bench` of as many pictures as the second argument says, below
 * `photos/`, behind a server that processes images: each is one of a few PNGs of 320 by 240. The first argument is an empty
 * folder. Prints endpoint and key as one line of JSON.
 */
const [dataDir = '', count = '0'] = process.argv.slice(2);

function* keys(): Generator<{ readonly key: string; readonly sizeBytes: number }> {
  for (let at = 0; at < Number(count); at += 1) {
    yield { key: `photos/IMG ${String(at).padStart(6, '0')}.jpg`, sizeBytes: 3_000_000 + ((at * 7919) % 2_000_000) };
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that takes about as long to decode as a photograph of its size. */
function picture(tint: number): Buffer {
  const [width, height] = [320, 240];
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    at += 1;
    for (let x = 0; x < width; x += 1) {
      rows[at] = (x + tint * 16 + ((x * y) % 7)) & 255;
      rows[at + 1] = (y + tint * 40) & 255;
      rows[at + 2] = ((x * 3 + y * 5) % 11) * 9 + tint;
      at += 3;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const pictures = Array.from({ length: 12 }, (_, tint) => picture(tint));
await makeBucketOfKeys(dataDir, 'bench', keys());
const practice = await startPractice({ dataDir });
const behind = new URL(practice.endpoint);
let sent = 0;

function relay(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  const onward = request({ host: behind.hostname, port: behind.port, method, path: url, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

const server = createServer((incoming, outgoing) => {
  if (!(incoming.url ?? '').includes('x-oss-process=')) {
    relay(incoming, outgoing);
    return;
  }
  sent += 1;
  outgoing.writeHead(200, { 'content-type': 'image/png', etag: '"e"', 'last-modified': new Date(0).toUTCString() });
  outgoing.end(pictures[sent % pictures.length]);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const { accessKeyId, accessKeySecret } = practice;
  console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${port}`, accessKeyId, accessKeySecret }));
});
