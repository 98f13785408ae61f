// The acceptance of the real service, tried on the practice server under OSS's own host names.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { connect } from '../practice/client.ts';

const root = resolve(import.meta.dirname, '../../..');
const DOMAIN = 'files.example.com';
const DOMAIN_BUCKET = 'domain-bucket';
let folder: string;
let server: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-live-'));
  const dataDir = join(folder, 'practice');
  server = await startPractice({ dataDir, tls: testTls, seed: false, customDomains: { [DOMAIN]: DOMAIN_BUCKET } });
  await connect(server, { addressing: 'sub-domain', bucket: DOMAIN_BUCKET }).putBucket(DOMAIN_BUCKET);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

afterEach(() => {
  server.faults.clear();
  server.restrictions.publicEndpoint = false;
  server.restrictions.signatureV1 = false;
});

interface Ran {
  readonly code: number | null;
  readonly printed: string;
  readonly report: string;
}

function accountHere(): Record<string, string> {
  return {
    OSS_ACCESS_KEY_ID: server.accessKeyId,
    OSS_ACCESS_KEY_SECRET: server.accessKeySecret,
    OSS_REGION: 'cn-hangzhou',
    OSS_ROLE_ARN: server.roleArn,
    OSS_TEST_DOMAIN: `https://${DOMAIN}`,
    OSS_TEST_DOMAIN_BUCKET: DOMAIN_BUCKET,
    // OSS's hosts lead to the practice server.
    NODE_OPTIONS: `--require ${join(root, '.ci/oss-hosts.cjs')}`,
    NODE_EXTRA_CA_CERTS: join(root, 'test/support/tls/ca.crt'),
    OSS_HERE_PORT: new URL(server.endpoint).port,
  };
}

async function run(account: Record<string, string>, { stopAfter = '' } = {}): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, OSS_TEST_REPORTS: join(folder, 'reports'), ...account };
  const child = spawn(process.execPath, [join(root, '.ci/test-live.mjs')], { cwd: root, env });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
    if (stopAfter === '' || !printed.includes(stopAfter)) return;
    stopAfter = '';
    child.kill('SIGINT');
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>]);
  const path = /^report (.+)$/m.exec(printed)?.[1];
  return { code, printed: printed + errors, report: path === undefined ? '' : await readFile(path, 'utf8') };
}

async function bucketNames(): Promise<readonly string[]> {
  const { buckets } = await connect(server, { addressing: 'sub-domain' }).listBuckets({});
  return buckets.map(({ name }) => name);
}

const stepsOf = (report: string, status: string): readonly string[] =>
  [...report.matchAll(/^\| (.+) \| (passed|failed|left out) \|/gm)]
    .filter(([, , found]) => found === status)
    .map(([, name = '']) => name);

test('without an account it says what to set, and ends with 0', async () => {
  const { code, printed } = await run({ OSS_ACCESS_KEY_ID: 'id' });
  expect([code, printed]).toEqual([0, expect.stringMatching(/^not run: set OSS_ACCESS_KEY_SECRET, OSS_REGION\n/)]);
});

test(
  'every step passes, the report has an answer to each question and no secret, and nothing is left',
  { timeout: 120_000 },
  async () => {
    const { code, printed, report } = await run(accountHere());
    expect(stepsOf(report, 'failed')).toEqual([]);
    expect(stepsOf(report, 'left out')).toEqual([]);
    expect(code).toBe(0);
    expect(stepsOf(report, 'passed').length).toBeGreaterThan(40);
    expect(printed).toMatch(/^bucket waybill-test-[0-9a-f]{12} in cn-hangzhou/);
    expect(report.match(/^### \d+\./gm)).toHaveLength(16);
    expect(report).not.toContain('not asked');
    for (const secret of [server.accessKeyId, server.accessKeySecret, 'CAIS', 'ignature=']) {
      expect(printed + report).not.toContain(secret);
    }
    expect(await bucketNames()).toEqual([DOMAIN_BUCKET]);
    const left = await connect(server, { addressing: 'sub-domain', bucket: DOMAIN_BUCKET }).getBucketVersions({});
    expect(left).toMatchObject({ objects: [], deleteMarker: [] });
  },
);

test('a step that fails is named, ends the run with 1, and nothing is left either', { timeout: 120_000 }, async () => {
  const match = { operation: 'CompleteMultipartUpload' };
  server.faults.add({ match, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  const { code, report } = await run(accountHere());
  expect(code).toBe(1);
  expect(stepsOf(report, 'failed')).toEqual([
    'v4/InitiateMultipartUpload, UploadPart, UploadPartCopy, ListParts, Complete',
    'v4/ticket: UploadPart, ListParts and Complete by signed URLs',
    'v4/ticket signed by a session of its own',
    'v1/InitiateMultipartUpload, UploadPart, UploadPartCopy, ListParts, Complete',
  ]);
  expect(await bucketNames()).toEqual([DOMAIN_BUCKET]);
});

test('a key that may create no bucket is told so, and tries nothing else', { timeout: 60_000 }, async () => {
  server.faults.add({
    match: { operation: 'PutBucket' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  const { code, report } = await run(accountHere());
  expect([code, stepsOf(report, 'failed')]).toEqual([1, ['PutBucket']]);
  expect(await bucketNames()).toEqual([DOMAIN_BUCKET]);
});

test('an account that is refused data calls gets that as an answer, and V1 too', { timeout: 120_000 }, async () => {
  server.restrictions.publicEndpoint = true;
  const { code, report } = await run(accountHere());
  expect(code).toBe(1);
  expect(stepsOf(report, 'failed')).toEqual(['ListObjectsV2 of the new bucket']);
  expect(report).toMatch(/ListObjectsV2 on the public host of this region \| refused: .*PublicEndpointForbidden/);
  expect(report).toMatch(/ListObjectsV2 on the custom domain \| answered/);
  server.restrictions.publicEndpoint = false;
  server.restrictions.signatureV1 = true;
  const v4Only = await run(accountHere());
  expect(stepsOf(v4Only.report, 'left out')).toEqual(['Signature V1']);
  expect(v4Only.report).toMatch(/ListObjectsV2 signed with V1 \| refused: .*ec 0002-00000080/);
});

test('a run that is stopped removes what it made', { timeout: 60_000 }, async () => {
  const { printed, report } = await run(accountHere(), { stopAfter: 'PutObjectTagging' });
  expect(printed).toContain('stopping: what was made is being removed');
  expect(stepsOf(report, 'left out').length).toBeGreaterThan(10);
  expect(await bucketNames()).toEqual([DOMAIN_BUCKET]);
});

test('a bucket that a question made is named first; stopped there, no more is asked', { timeout: 60_000 }, async () => {
  // Long enough for the signal to arrive before the answer.
  server.faults.add({ match: { operation: 'PutBucket' }, skip: 1, effect: { kind: 'latency', ms: 2000 } });
  const { printed, report } = await run(accountHere(), { stopAfter: '-public in cn-hangzhou' });
  expect(printed).toMatch(/^bucket waybill-test-[0-9a-f]{12}-public in cn-hangzhou: if this run is killed/m);
  expect(report.match(/^### \d\./gm)).toHaveLength(3);
  expect(await bucketNames()).toEqual([DOMAIN_BUCKET]);
});

test('a bucket that a question made and that stays behind fails the run', { timeout: 60_000 }, async () => {
  const match = { operation: 'DeleteBucket' };
  server.faults.add({ match, times: 1, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  const { code, report } = await run(accountHere());
  const [left = ''] = (await bucketNames()).filter((name) => name !== DOMAIN_BUCKET);
  expect(left).toMatch(/^waybill-test-[0-9a-f]{12}-public$/);
  await connect(server, { addressing: 'sub-domain', bucket: left }).deleteBucket(left);
  expect([code, stepsOf(report, 'failed')]).toEqual([1, [`Clean up: the bucket ${left}`]]);
});

test('every operation of main is gone through', async () => {
  const operations = join(root, 'main/oss/operations');
  const live = join(root, 'test/live');
  const steps = await Promise.all((await readdir(live)).map((name) => readFile(join(live, name), 'utf8')));
  const missing: string[] = [];
  const files = (await readdir(operations, { recursive: true })).filter((name) => name.endsWith('.ts'));
  for (const name of files) {
    const source = await readFile(join(operations, name), 'utf8');
    const names = [...source.matchAll(/^export async function\*? (\w+)/gm)].map(([, found = '']) => found);
    missing.push(...names.filter((found) => !steps.some((step) => step.includes(`${found}(`))));
  }
  expect(missing).toEqual([]);
});
