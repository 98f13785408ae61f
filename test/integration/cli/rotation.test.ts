import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import type { RoleSession } from '../../../main/accounts/sts/credentials.ts';
import type { CommandContext } from '../../../main/cli/arguments/command.ts';
import { putCommand } from '../../../main/cli/commands/put.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { canariesInFiles, canariesPrinted, canary } from '../../support/canaries.ts';
import { t } from '../../support/words.ts';
import { digest, makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';

const MiB = 1024 ** 2;
const minute = 60_000;
/** Sessions last a quarter of an hour; the service hands one out again until five minutes before its end. */
const SESSION_SECONDS = 900;
const REPLACED_BEFORE = 5 * minute;
/** How much later it is, for everyone, than by the computer's clock. */
const time = { ahead: 0 };
const now = (): number => Date.now() + time.ahead;

let practice: PracticeBucket;
let service: Server;
let isServiceUp: boolean;
/** The session that OSS refuses, and the service no longer hands out. */
let revoked: string | null;
let handedOut: RoleSession[];
/** The parts that arrived: who signed them, and when. */
let parts: { readonly accessKeyId: string; readonly at: number }[];

beforeAll(async () => {
  practice = await makePracticeBucket({ now });
  service = createServer((_, res) => {
    if (!isServiceUp) return void res.writeHead(403).end();
    void current().then(({ accessKey, validUntil }) => {
      const { accessKeyId, accessKeySecret, securityToken } = accessKey;
      const issued = { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken };
      res.writeHead(200, { date: new Date(now()).toUTCString() });
      res.end(JSON.stringify({ Code: 'Success', ...issued, Expiration: new Date(validUntil).toISOString() }));
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  subscribe('http.server.request.start', onRequest);
});

beforeEach(() => {
  isServiceUp = true;
  revoked = null;
  handedOut = [];
  parts = [];
  time.ahead = 0;
});

afterAll(async () => {
  unsubscribe('http.server.request.start', onRequest);
  service.closeAllConnections();
  service.close();
  await practice.close();
});

function serviceHost(): string {
  return `127.0.0.1:${String((service.address() as AddressInfo).port)}`;
}

async function current(): Promise<RoleSession> {
  const last = handedOut.at(-1);
  const isLong = last !== undefined && last.validUntil - now() > REPLACED_BEFORE;
  if (isLong && last.accessKey.accessKeyId !== revoked) return last;
  const { server, connection } = practice;
  const session = await assumeRole({
    ...{ accessKey: await connection.accessKey(), stsEndpoint: server.endpoint, clock: new ServerClock(now) },
    ...{ dispatcher: connection.dispatcher, roleArn: server.roleArn, sessionName: `session-${handedOut.length}` },
    durationSeconds: SESSION_SECONDS,
  });
  canary('the secret of a session', session.accessKey.accessKeySecret);
  handedOut.push(session);
  return session;
}

/** Each part takes a minute and a half. */
function onRequest(message: unknown): void {
  const { headers, url = '' } = (message as { readonly request: IncomingMessage }).request;
  if (!url.includes('partNumber=')) return;
  const [, accessKeyId = ''] = /Credential=([^/]+)/.exec(headers.authorization ?? '') ?? [];
  parts.push({ accessKeyId, at: now() });
  time.ahead += 1.5 * minute;
}

/** Uploads a file with the credentials of the service. Everything that it needs is given, the clock too. */
async function put(path: string, key: string): Promise<{ readonly code: number; readonly said: string }> {
  const lines: string[] = [];
  const dispatcher = new TransferAgent();
  const { endpoint, region } = practice.server;
  const context: CommandContext = {
    env: {
      ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(practice.folder, '.state') },
      ALIBABA_CLOUD_CREDENTIALS_URI: `http://${serviceHost()}/`,
    },
    out: {
      answer: (line) => Promise.resolve(void lines.push(line)),
      say: (line) => void lines.push(line),
      ...{ terminal: null, ask: null },
    },
    ...{ dispatcher, now, signal: new AbortController().signal },
  };
  try {
    const args = [path, `oss://${practice.bucket}/${key}`, '--credentials', 'uri', '--connections', '1'];
    const code = await putCommand.run([...args, '--patience', '0'], context);
    return { code, said: lines.join('\n') };
  } finally {
    await dispatcher.destroy();
    expect([...canariesPrinted(lines.join('\n')), ...(await canariesInFiles(join(practice.folder, '.state')))]).toEqual(
      [],
    );
  }
}

test('credentials that rotate in the middle of a transfer of ten minutes are replaced before they expire', async () => {
  const bytes = noise(56 * MiB);
  const path = await practice.file('long', bytes);
  const first = await current();
  // Six minutes are left of the session that the command is given.
  time.ahead = 9 * minute;
  const startedAt = now();
  expect(await put(path, 'long')).toMatchObject({ code: 0 });
  expect(now() - startedAt).toBeGreaterThan(10 * minute);
  const ids = parts.map(({ accessKeyId }) => accessKeyId);
  expect([...new Set(ids)]).toEqual(handedOut.map(({ accessKey }) => accessKey.accessKeyId));
  expect(handedOut).toHaveLength(2);
  const signedByFirst = parts.filter(({ accessKeyId }) => accessKeyId === first.accessKey.accessKeyId);
  for (const { at } of signedByFirst) expect(at).toBeLessThan(first.validUntil);
  expect(digest(await practice.read('long'))).toBe(digest(bytes));
});

test('a session that OSS refuses before its end is replaced, and the transfer goes on', async () => {
  const bytes = noise(40 * MiB);
  const path = await practice.file('revoked', bytes);
  const revoke = (): void => {
    if (parts.length === 3) revoked = parts[0]?.accessKeyId ?? null;
  };
  subscribe('http.server.request.start', revoke);
  practice.server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 2,
    times: 1,
    effect: { kind: 'expired-token' },
  });
  const ended = await put(path, 'revoked');
  unsubscribe('http.server.request.start', revoke);
  expect(ended.code).toBe(0);
  expect(handedOut).toHaveLength(2);
  expect(digest(await practice.read('revoked'))).toBe(digest(bytes));
  practice.server.faults.clear();
});

test('a source that ends in the middle stops the transfer in words, and the same command resumes it', async () => {
  const bytes = noise(56 * MiB);
  const path = await practice.file('ended', bytes);
  await current();
  // Five and a half minutes are left: enough for three parts.
  time.ahead = 9.5 * minute;
  const turnOff = (): void => void (isServiceUp = parts.length === 0);
  subscribe('http.server.request.start', turnOff);
  const stopped = await put(path, 'ended');
  unsubscribe('http.server.request.start', turnOff);
  expect(stopped.code).toBe(1);
  expect(stopped.said).toContain(t('failure.cause.source-refused.title', { source: 'uri', name: serviceHost() }));
  expect(stopped.said).toContain(t('cli.resume'));
  expect(await practice.has('ended')).toBe(false);
  const before = parts.length;
  isServiceUp = true;
  expect(await put(path, 'ended')).toMatchObject({ code: 0 });
  expect(parts.length - before).toBeLessThan(7);
  expect(digest(await practice.read('ended'))).toBe(digest(bytes));
});

test('a source that refuses from the start is told before anything is sent', async () => {
  isServiceUp = false;
  const path = await practice.file('never', 'never');
  const source = { kind: 'uri', name: serviceHost() };
  await expect(put(path, 'never')).rejects.toMatchObject({
    failure: { kind: 'credentials', cause: 'source-refused', source },
  });
});
