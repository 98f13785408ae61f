import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { getObject, headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { send } from '../../../main/oss/exchange/request.ts';
import { type PracticeOptions, type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { testCa } from '../../support/tls/certificate.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import type { DownloadCheckpoint, FinishedPart, UploadCheckpoint } from '../../../main/transfers/tasks/checkpoints.ts';

/** A practice server with one empty bucket, and a folder for local files. */
export interface PracticeBucket {
  readonly server: PracticeServer;
  readonly connection: Connection;
  readonly bucket: string;
  readonly folder: string;
  put(key: string, bytes: Uint8Array | string): Promise<void>;
  read(key: string): Promise<Buffer>;
  has(key: string): Promise<boolean>;
  /** Path of a new file below the folder. */
  file(name: string, bytes: Uint8Array | string): Promise<string>;
  close(): Promise<void>;
}

/** `tls` serves HTTPS, as OSS does. */
export async function makePracticeBucket(options: Partial<PracticeOptions> = {}): Promise<PracticeBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-transfers-'));
  const server = await startPractice({ dataDir: join(folder, '.practice'), seed: false, ...options });
  const dispatcher = new TransferAgent({ ca: testCa });
  const { accessKeyId, accessKeySecret, region } = server;
  const connection: Connection = {
    endpoint: parseEndpoint(server.endpoint),
    region,
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
  };
  const bucket = 'waybill-transfers';
  await makeBucket(connection, bucket);
  return {
    server,
    connection,
    bucket,
    folder,
    async put(key, bytes) {
      const body = Buffer.from(bytes);
      await putObject(connection, { bucket, key, body, sizeBytes: body.length });
    },
    async read(key) {
      const { body } = await getObject(connection, { bucket, key });
      return Buffer.concat((await body.toArray()) as Buffer[]);
    },
    has: (key) =>
      headObject(connection, { bucket, key }).then(
        () => true,
        () => false,
      ),
    async file(name, bytes) {
      const path = join(folder, name);
      const handle = await open(path, 'w');
      await handle.writeFile(bytes);
      await handle.close();
      return path;
    },
    async close() {
      await dispatcher.destroy();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function makeBucket(connection: Connection, bucket: string, versioned = false): Promise<void> {
  (await send(connection, { method: 'PUT', bucket })).body.resume();
  if (!versioned) return;
  const body = Buffer.from('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
  (await send(connection, { method: 'PUT', bucket, params: { versioning: null }, body })).body.resume();
}

/** Bytes that repeat nowhere: a range in the wrong place would show. */
export function noise(sizeBytes: number): Buffer {
  return randomBytes(sizeBytes);
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Names in a folder, hidden ones too. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== '.practice').sort();
}

export async function digestOf(path: string): Promise<string> {
  return digest(await readFile(path));
}

/** Remembers what the byte work tells. */
export function makeWatch(signal: AbortSignal = new AbortController().signal) {
  const seen = {
    signal,
    doneBytes: 0,
    sizeBytes: null as number | null,
    verifying: false,
    upload: null as UploadCheckpoint | null,
    download: null as DownloadCheckpoint | null,
    parts: [] as FinishedPart[],
    spans: [] as number[],
  };
  const shared = {
    signal,
    connections: () => 4,
    onBytes: (count: number) => void (seen.doneBytes += count),
    onKept: (count: number) => void (seen.doneBytes += count),
    onSize: (sizeBytes: number | null) => void (seen.sizeBytes = sizeBytes),
    onVerifying: () => void (seen.verifying = true),
  };
  return {
    seen,
    upload: {
      ...shared,
      onCheckpoint: (checkpoint: UploadCheckpoint | null) => void (seen.upload = checkpoint),
      onPart: (part: FinishedPart) => void seen.parts.push(part),
    },
    download: {
      ...shared,
      onCheckpoint: (checkpoint: DownloadCheckpoint | null) => void (seen.download = checkpoint),
      onSpan: (index: number) => void seen.spans.push(index),
    },
  };
}

/** Files below this folder that this process holds open; none where the system does not say. */
export async function openBelow(folder: string): Promise<readonly string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const paths = await Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(folder));
}
