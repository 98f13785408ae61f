import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkPageCors, type CorsCheck, type PageMethod } from '../../../main/links/pages/cors-check.ts';
import { corsEditor, pageCorsRule, withoutRule, withRuleFirst } from '../../../main/links/pages/cors-rule.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { bucketUrl } from '../../../main/oss/endpoint.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { type CorsRule, deleteBucketCors, getBucketCors, putBucketCors } from '../../../main/oss/operations/cors.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { objectUser, type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const execute = promisify(execFile);
const bucket = 'pages-here';
let run: PracticeRun;
let connection: Connection;
let url: string;

beforeAll(async () => {
  run = await startPracticeRun();
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'public-read-write' });
  const { origin, path } = bucketUrl(connection.endpoint, bucket, null);
  url = `${origin}${path}`;
});
afterAll(() => run.close());
beforeEach(() => deleteBucketCors(connection, bucket));

const all: readonly PageMethod[] = ['POST', 'PUT', 'GET', 'HEAD'];
const bare: CorsRule = { ...pageCorsRule, exposeHeaders: [] };
const hidden = ['Date', 'ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id'];

function check(methods = all, rules = () => getBucketCors(connection, bucket)): Promise<CorsCheck> {
  return checkPageCors({ url, methods, dispatcher: run.dispatcher, rules });
}

function put(...rules: CorsRule[]): Promise<void> {
  return putBucketCors(connection, bucket, { rules, responseVary: null, others: [] });
}

test('without rules a page does not reach the bucket; with the rule first it does', async () => {
  const editor = corsEditor();
  expect(await check()).toEqual({ kind: 'no-rule' });
  await put(bare);
  await editor.change(connection, bucket, withRuleFirst);
  expect(await check()).toEqual({ kind: 'fits' });
  expect((await getBucketCors(connection, bucket))?.rules).toEqual([pageCorsRule, bare]);
  await editor.change(connection, bucket, withoutRule);
  expect((await getBucketCors(connection, bucket))?.rules).toEqual([bare]);
});

test('taking away the last rule leaves no configuration', async () => {
  const editor = corsEditor();
  await editor.change(connection, bucket, withRuleFirst);
  await editor.change(connection, bucket, withoutRule);
  expect(await getBucketCors(connection, bucket)).toBeNull();
});

test('a rule for other methods or origins is none for the page', async () => {
  await put({ ...pageCorsRule, allowedMethods: ['GET'] }, { ...pageCorsRule, allowedOrigins: ['https://a.example'] });
  expect(await check()).toEqual({ kind: 'no-rule' });
  expect(await check(['GET'])).toEqual({ kind: 'fits' });
});

test('a rule that hides headers is named, with its place where it stands before ours', async () => {
  await put({ ...bare, allowedOrigins: ['https://a.example'] }, bare, pageCorsRule);
  expect(await check()).toEqual({ kind: 'shadowed', number: 2, hidden });
  await put({ ...bare, exposeHeaders: ['etag', 'X-OSS-request-id'] });
  expect(await check()).toEqual({ kind: 'not-exposed', hidden: ['Date', 'x-oss-hash-crc64ecma'] });
});

test('who may not read the rules learns what is hidden, and not why', async () => {
  await put(bare);
  const { accessKeyId, accessKeySecret } = objectUser;
  const { id } = await run.accounts.add(run.draft({ remember: false, accessKeyId, accessKeySecret }));
  const poor = run.accounts.access(id).connectionIn('cn-hangzhou');
  expect(await check(all, () => getBucketCors(poor, bucket))).toEqual({ kind: 'may-not-read', hidden });
});

test('an answer that is not about CORS is told as it is', async () => {
  run.server.faults.add({
    match: { operation: 'OptionObject' },
    times: 1,
    effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  });
  expect(await check()).toMatchObject({ kind: 'not-reached', failure: { cause: 'busy' } });
  const nowhere = { url: 'http://127.0.0.1:1/', methods: all, dispatcher: run.dispatcher };
  expect(await checkPageCors({ ...nowhere, rules: () => Promise.resolve(null) })).toMatchObject({
    kind: 'not-reached',
    failure: { kind: 'network' },
  });
});

test('asking stores nothing, also where anyone may write', async () => {
  await put(pageCorsRule);
  expect(await check()).toEqual({ kind: 'fits' });
  expect((await listObjects(connection, bucket)).objects).toEqual([]);
});

test('curl sees what a browser would', async () => {
  await put(pageCorsRule);
  const preflight = ['-sS', '-i', '-X', 'OPTIONS', '-H', 'Origin: null', '-H', 'Access-Control-Request-Method: POST'];
  const { stdout } = await execute('curl', [...preflight, url]);
  expect(stdout).toMatch(/^access-control-allow-origin: (?:null|\*)\r$/im);
  expect(stdout).toMatch(/^access-control-max-age: 600\r$/im);
});
