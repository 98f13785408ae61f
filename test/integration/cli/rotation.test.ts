import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import type { RoleSession } from '../../../main/accounts/sts/credentials.ts';
import type { CommandContext } from '../../../main/cli/arguments/command.ts';
import { putCommand } from '../../../main/cli/commands/files/put.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { canariesInFiles, canariesPrinted, canary } from '../../support/canaries.ts';
import { type Answered, metadata } from '../../support/credential-services.ts';
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
  service = createServer((req, res) => {
    if (!isServiceUp) return void res.writeHead(403).end();
    void current().then((session) => {
      const { status = 200, body } = answerAs(req, issued(session)) ?? {};
      res.writeHead(status, { date: new Date(now()).toUTCString() });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
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

function issued({ accessKey, validUntil }: RoleSession) {
  return {
    ...{ Code: 'Success', AccessKeyId: accessKey.accessKeyId, AccessKeySecret: accessKey.accessKeySecret },
    ...{ SecurityToken: accessKey.securityToken, Expiration: `${new Date(validUntil).toISOString().slice(0, 19)}Z` },
  };
}

/** The same session as a credentials URI, a metadata service, STS and CloudSSO hand it out. */
function answerAs({ method = '', url = '', headers }: IncomingMessage, session: object): Answered {
  if (url.includes('AssumeRoleWithOIDC')) return { body: { Credentials: session } };
  if (url === '/cloud-credentials') return { body: { CloudCredential: session } };
  const credentials = () => ({ body: session });
  if (url.startsWith('/latest/')) {
    return metadata({ role: 'web-server', credentials })({ method, path: url, headers, body: '' });
  }
  return credentials();
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

type Kind = 'uri' | 'ecs' | 'oidc' | 'cloudsso' | 'process' | 'profile';

async function write(name: string, content: string | object): Promise<string> {
  const folder = join(practice.folder, '.home');
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A profile of the aliyun CLI, the current one. */
async function writeProfile(profile: object): Promise<Record<string, string>> {
  const path = await write('config.json', { current: 'ci', profiles: [{ name: 'ci', ...profile }] });
  return { ALIBABA_CLOUD_CONFIG_FILE: path };
}

/** What somebody writes into a profile whose sessions are renewed by a job. */
async function writeSession(): Promise<Record<string, string>> {
  const { accessKey, validUntil } = await current();
  return writeProfile({
    ...{ mode: 'StsToken', access_key_id: accessKey.accessKeyId, access_key_secret: accessKey.accessKeySecret },
    ...{ sts_token: accessKey.securityToken, sts_expiration: Math.floor(validUntil / 1000) },
  });
}

/** The variables that lead a kind of source to the service. */
const setUp: Record<Kind, () => Promise<Record<string, string>>> = {
  uri: () => Promise.resolve({ ALIBABA_CLOUD_CREDENTIALS_URI: `http://${serviceHost()}/` }),
  ecs: () => Promise.resolve({ ALIBABA_CLOUD_IMDS_ENDPOINT: `http://${serviceHost()}` }),
  oidc: async () => ({
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: await write('token', 'e30.e30.c2ln'),
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/ack',
    ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/pod',
    ALIBABA_CLOUD_STS_ENDPOINT: `http://${serviceHost()}`,
  }),
  cloudsso: () =>
    writeProfile({
      ...{ mode: 'CloudSSO', cloud_sso_sign_in_url: `http://${serviceHost()}/device/login` },
      ...{ cloud_sso_account_id: '1234', cloud_sso_access_config: 'ac-1', access_token: 'cloudsso-access-token' },
      cloud_sso_access_token_expire: Math.floor(now() / 1000) + 7200,
    }),
  process: async () => {
    const asks = `const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = await (await fetch('http://${serviceHost()}/')).json();
      console.log(JSON.stringify({ mode: 'StsToken', access_key_id: AccessKeyId, access_key_secret: AccessKeySecret, sts_token: SecurityToken, expiration: Expiration }));`;
    return { WAYBILL_CREDENTIALS_COMMAND: `'${process.execPath}' "${await write('print.mjs', asks)}"` };
  },
  profile: writeSession,
};

/** Uploads a file with the credentials of the service. Everything that it needs is given, the clock too. */
async function put(
  path: string,
  key: string,
  kind: Kind = 'uri',
): Promise<{ readonly code: number; readonly said: string }> {
  const lines: string[] = [];
  const dispatcher = new TransferAgent();
  const { endpoint, region } = practice.server;
  const context: CommandContext = {
    env: {
      ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(practice.folder, '.state') },
      ...(await setUp[kind]()),
    },
    out: {
      answer: (line) => Promise.resolve(void lines.push(line)),
      bytes: () => Promise.resolve(),
      say: (line) => void lines.push(line),
      ...{ terminal: null, ask: null },
    },
    ...{ dispatcher, now, signal: new AbortController().signal },
  };
  try {
    const args = [path, `oss://${practice.bucket}/${key}`, '--credentials', kind, '--connections', '1'];
    const code = await putCommand.run([...args, '--patience', '0'], context);
    return { code, said: lines.join('\n') };
  } finally {
    await dispatcher.destroy();
    expect([...canariesPrinted(lines.join('\n')), ...(await canariesInFiles(join(practice.folder, '.state')))]).toEqual(
      [],
    );
  }
}

test.each<Kind>(['uri', 'ecs', 'oidc', 'cloudsso', 'process', 'profile'])(
  'credentials of a source (%s) that rotate in the middle of a transfer of ten minutes are replaced before they expire',
  async (kind) => {
    const bytes = noise(56 * MiB);
    const path = await practice.file(`long-${kind}`, bytes);
    const first = await current();
    // Six minutes are left of the session that the command is given.
    time.ahead = 9 * minute;
    const startedAt = now();
    let isDue = kind === 'profile';
    // A job renews the session in a profile, once.
    const renew = (): void => {
      if (!isDue || first.validUntil - now() >= REPLACED_BEFORE) return;
      isDue = false;
      void writeSession();
    };
    subscribe('http.server.request.start', renew);
    expect(await put(path, `long-${kind}`, kind)).toMatchObject({ code: 0 });
    unsubscribe('http.server.request.start', renew);
    expect(now() - startedAt).toBeGreaterThan(10 * minute);
    const ids = parts.map(({ accessKeyId }) => accessKeyId);
    expect([...new Set(ids)]).toEqual(handedOut.map(({ accessKey }) => accessKey.accessKeyId));
    expect(handedOut).toHaveLength(2);
    const signedByFirst = parts.filter(({ accessKeyId }) => accessKeyId === first.accessKey.accessKeyId);
    for (const { at } of signedByFirst) expect(at).toBeLessThan(first.validUntil);
    expect(digest(await practice.read(`long-${kind}`))).toBe(digest(bytes));
  },
);

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
