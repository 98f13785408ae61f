import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCrcOf, makePeriod } from './content.ts';

/**
 * As much of OSS as a transfer needs, in a process of its own: it takes any bytes and stores none, gives any object whose
 * key begins with its size, and believes every signature. Prints its port. Its argument: milliseconds before each answer.
 */
const [delayText = '0'] = process.argv.slice(2);
const delayMs = Number(delayText);
const crcOf = makeCrcOf();

/** Written over and over, so that an answer costs the server next to nothing. */
const block = Buffer.concat(Array.from({ length: 65 }, makePeriod));
const PERIOD_BYTES = block.length / 65;
const STEP_BYTES = block.length - PERIOD_BYTES;

/** Bytes of the parts of each upload so far. */
const uploads = new Map<string, number>();

interface Asked {
  readonly path: string;
  readonly params: URLSearchParams;
  readonly sizeBytes: number;
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const { pathname, searchParams: params } = new URL(request.url ?? '/', 'http://bench');
  const asked = { path: pathname, params, sizeBytes: Number(request.headers['content-length'] ?? 0) };
  response.setHeader('x-oss-request-id', 'BENCH');
  if (request.method === 'GET' || request.method === 'HEAD') later(() => give(request, response, asked));
  else request.on('end', () => later(() => take(request, response, asked))).resume();
});

function later(work: () => void): void {
  if (delayMs === 0) work();
  else setTimeout(work, delayMs);
}

function take({ method }: IncomingMessage, response: ServerResponse, { path, params, sizeBytes }: Asked): void {
  const uploadId = params.get('uploadId') ?? '';
  if (method === 'POST' && params.has('uploads')) {
    const id = String(uploads.size + 1);
    uploads.set(id, 0);
    const [, bucket = '', ...key] = path.split('/');
    sendXml(response, 'InitiateMultipartUploadResult', { Bucket: bucket, Key: key.join('/'), UploadId: id });
  } else if (method === 'POST') {
    response.setHeader('x-oss-hash-crc64ecma', crcOf(uploads.get(uploadId) ?? 0));
    const [, bucket = '', ...key] = path.split('/');
    sendXml(response, 'CompleteMultipartUploadResult', { Bucket: bucket, Key: key.join('/'), ETag: '"BENCH-1"' });
  } else {
    if (uploadId !== '') uploads.set(uploadId, (uploads.get(uploadId) ?? 0) + sizeBytes);
    response.writeHead(200, { etag: '"BENCH"', 'x-oss-hash-crc64ecma': crcOf(sizeBytes), 'content-length': 0 });
    response.end();
  }
}

function sendXml(response: ServerResponse, root: string, fields: Readonly<Record<string, string>>): void {
  const text = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?><${root}>${text.join('')}</${root}>`;
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function give({ method, headers }: IncomingMessage, response: ServerResponse, { path }: Asked): void {
  const sizeBytes = Number(/\/(\d+)\//.exec(path)?.[1] ?? 0);
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]), sizeBytes - 1) : sizeBytes - 1;
  response.writeHead(range === null ? 200 : 206, {
    etag: '"BENCH"',
    'last-modified': 'Tue, 24 Nov 2026 12:00:00 GMT',
    'x-oss-hash-crc64ecma': crcOf(sizeBytes),
    'x-oss-object-type': 'Normal',
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${sizeBytes}` }),
  });
  if (method === 'HEAD') response.end();
  else pour(response, start, end + 1);
}

function pour(response: ServerResponse, from: number, end: number): void {
  let at = from;
  const more = (): void => {
    while (at < end) {
      const offset = at % PERIOD_BYTES;
      const count = Math.min(STEP_BYTES, end - at);
      at += count;
      if (!response.write(block.subarray(offset, offset + count))) return;
    }
    response.off('drain', more).end();
  };
  response.on('drain', more);
  more();
}

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
