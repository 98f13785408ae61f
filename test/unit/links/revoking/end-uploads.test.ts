import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { endForm } from '../../../../main/links/revoking/end-uploads.ts';
import type { HandedForm } from '../../../../main/links/revoking/handed-form.ts';
import { policyEditor } from '../../../../main/links/revoking/policy-text.ts';
import { isActionOf } from '../../../../main/links/revoking/try-form.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import type { Connection } from '../../../../main/oss/connection.ts';
import { closeServers, failureOf, makeServer } from '../../oss/scripted-server.ts';

afterEach(closeServers);

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly ec?: string;
}

const denied: Answer = { status: 403, code: 'AccessDenied', ec: '0003-00000101' };
const tooSmall: Answer = { status: 400, code: 'EntityTooSmall', ec: '0006-00000004' };

/** A bucket without a policy at first, whose answers to forms are scripted; the last one repeats. */
async function bucketThatAnswers(...answers: Answer[]) {
  let policy: string | null = null;
  const posts: string[] = [];
  const refuse = ({ status, code = '', ec = '' }: Answer): [number, string] => [
    status,
    code === '' ? '' : `<Error><Code>${code}</Code><EC>${ec}</EC><RequestId>1</RequestId></Error>`,
  ];
  const connection: Connection = await makeServer((request, response) => {
    void text(request).then((body) => {
      if (request.method === 'POST') posts.push(body);
      const [status, answer] =
        request.method === 'POST'
          ? refuse(answers[Math.min(posts.length, answers.length) - 1] ?? denied)
          : request.method === 'PUT'
            ? [200, (policy = body) && '']
            : policy === null
              ? refuse({ status: 404, code: 'NoSuchBucketPolicy' })
              : [200, policy];
      response.writeHead(status, { 'x-oss-request-id': '1' }).end(answer);
    });
  });
  const { host, port } = connection.endpoint;
  return {
    connection,
    posts,
    policy: () => policy,
    clearPolicy: () => void (policy = null),
    action: `http://${host}:${port}/my-bucket/`,
  };
}

function formAt(action: string, fields: Partial<HandedForm> = {}): HandedForm {
  return {
    bucket: 'my-bucket',
    action,
    fields: [['x-oss-credential', 'LTAI5tEXAMPLE/20261130/cn-hangzhou/oss/aliyun_v4_request']],
    keys: { kind: 'prefix', prefix: 'drop/1/' },
    sizeBytes: { min: 1, max: 10 },
    contentTypes: ['image/png'],
    validUntil: Date.now() + 3_600_000,
    ...fields,
  };
}

/** Ends a form; `meanwhile` is what others do to the bucket during each wait. */
async function end(
  answers: Answer[],
  fields: Partial<HandedForm> = {},
  meanwhile: (bucket: { readonly clearPolicy: () => void }) => void = () => undefined,
) {
  const bucket = await bucketThatAnswers(...answers);
  const waits: number[] = [];
  const wait = (ms: number) => {
    meanwhile(bucket);
    return Promise.resolve(waits.push(ms));
  };
  const form = formAt(bucket.action, fields);
  const ended = endForm(bucket.connection, form, { editor: policyEditor(), wait });
  return { ...bucket, ended, waits };
}

test('a form has ended only once OSS refuses it', async () => {
  const { ended, waits, posts, policy } = await end([tooSmall, tooSmall, tooSmall, tooSmall, denied]);
  expect(await ended).toMatchObject({ kind: 'ended', policy: { isWritten: true, after: policy() } });
  // Three until OSS refuses it, and one more before it is looked at again.
  expect(waits).toHaveLength(4);
  expect(posts[0]).toContain('name="key"\r\n\r\ndrop/1/waybill-check-');
  expect(posts[0]).toContain('name="x-oss-content-type"\r\n\r\nimage/png');
});

test.each<[string, Partial<HandedForm>, object]>([
  ['is seen to have ended', {}, { kind: 'ended' }],
  ['can’t be tried', { action: null }, { kind: 'unconfirmed', why: 'untestable' }],
])('a denial that others overwrite once the form %s is written again', async (_, fields, result) => {
  let times = 0;
  const { ended, policy } = await end([tooSmall, denied], fields, ({ clearPolicy }) => {
    if (times++ === 0) clearPolicy();
  });
  expect(await ended).toMatchObject(result);
  expect(policy()).toContain('LTAI5tEXAMPLE');
});

test('a denial that others overwrite again and again is not said to be there', async () => {
  const { ended } = await end([tooSmall, denied], { action: null }, ({ clearPolicy }) => {
    clearPolicy();
  });
  expect(await failureOf(ended)).toMatchObject({ kind: 'input', field: 'policy', rule: 'changed-meanwhile' });
});

test('a form that OSS still takes after a minute has not ended, although the policy says so', async () => {
  const { ended, waits } = await end([tooSmall]);
  expect(await ended).toMatchObject({ kind: 'unconfirmed', why: 'still-taken' });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
});

test.each<[string, Answer]>([
  ['a condition of the form', { status: 403, code: 'AccessDenied', ec: '0006-00000227' }],
  ['a server in trouble', { status: 503, code: 'ServiceUnavailable', ec: '' }],
])('%s is no sign that it has ended', async (_, answer) => {
  const { ended } = await end([answer]);
  expect(await ended).toMatchObject({ kind: 'unconfirmed' });
});

test.each([
  ['of any size', { min: 0, max: 1024 ** 3 }],
  ['of some sizes', { min: 1, max: 10 }],
])('a form %s that its key never signed changes nothing', async (_, sizeBytes) => {
  const forged = { status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000702' };
  const { ended, policy } = await end([forged], { sizeBytes });
  expect(await failureOf(ended)).toMatchObject({ kind: 'input', rule: 'form-signature' });
  expect(policy()).toBeNull();
});

test.each([
  'http://10.0.0.1/my-bucket/',
  'https://files.example.com/',
  'https://other.oss-cn-hangzhou.aliyuncs.com/',
  'https://my-bucket.oss-cn-beijing.aliyuncs.com/',
  'http://my-bucket.oss-cn-hangzhou.aliyuncs.com:8080/',
  'https://my-bucket.oss-cn-hangzhou.aliyuncs.com/?acl',
  'https://x@my-bucket.oss-cn-hangzhou.aliyuncs.com/',
])('a form that leads to %s is not sent there, and changes nothing', async (action) => {
  const { ended, policy, posts } = await end([denied], { action });
  expect(await failureOf(ended)).toMatchObject({ kind: 'input', rule: 'form-host' });
  expect(policy()).toBeNull();
  expect(posts).toEqual([]);
});

test('a form leads to its bucket at every host of its region, and at the one that is used', () => {
  const connection = { region: 'cn-hangzhou', endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com') };
  const isOurs = (host: string): boolean => isActionOf(connection, 'my-bucket', `https://${host}/`);
  for (const host of ['oss-cn-hangzhou', 'oss-cn-hangzhou-internal', 'oss-accelerate', 'cn-hangzhou.oss'])
    expect(isOurs(`my-bucket.${host}.aliyuncs.com`), host).toBe(true);
  expect(isOurs('files.example.com')).toBe(false);
  const domain = parseEndpoint('files.example.com', { cname: true });
  expect(isActionOf({ ...connection, endpoint: domain }, 'my-bucket', 'https://files.example.com/')).toBe(true);
  expect(isActionOf(connection, 'my-bucket', 'http://127.0.0.1/my-bucket/')).toBe(false);
});

test('a Deny counts for a week at most, whatever a file claims', async () => {
  const { ended, policy } = await end([tooSmall, denied], { validUntil: Date.now() + 3650 * 24 * 3_600_000 });
  await ended;
  const [, until = ''] = /"acs:CurrentTime":\["([^"]+)"/.exec(policy() ?? '') ?? [];
  const week = 7 * 24 * 3_600_000 + 15 * 60_000;
  expect(Math.abs(Date.parse(until) - Date.now() - week)).toBeLessThan(60_000);
});

test('an upload that was taken is not tried again', async () => {
  const { ended, posts } = await end([{ status: 204 }]);
  expect(await ended).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
  expect(posts).toHaveLength(1);
});

test('without a smallest size, a file that is too large is sent, unless that is very large', async () => {
  const small = await end([tooSmall, denied], { sizeBytes: { min: 0, max: 3 } });
  expect(await small.ended).toMatchObject({ kind: 'ended' });
  expect(small.posts[0]).toContain('\r\n\r\n\0\0\0\0\r\n--');
  const large = await end([denied], { sizeBytes: { min: 0, max: 1024 ** 3 } });
  expect(await large.ended).toMatchObject({ kind: 'unconfirmed', why: 'untestable' });
  expect(large.policy()).toContain('LTAI5tEXAMPLE');
  // Only whether its signature holds is asked, with a key that it doesn't allow.
  expect(large.posts).toHaveLength(1);
  expect(large.posts[0]).toMatch(/name="key"\r\n\r\n[ab]-waybill-check-/);
});

test('a form that has expired needs nothing', async () => {
  const { ended, policy } = await end([denied], { validUntil: Date.now() - 1 });
  expect(await ended).toEqual({ kind: 'expired' });
  expect(policy()).toBeNull();
});

test('a key is not denied the whole bucket, but a session is', async () => {
  for (const prefix of ['', '?', '*', '**?']) {
    const { ended, posts } = await end([denied], { keys: { kind: 'prefix', prefix } });
    expect(await failureOf(ended), prefix).toMatchObject({ kind: 'input', rule: 'deny-whole-bucket' });
    expect(posts).toEqual([]);
  }
  const slots = await end([denied], { keys: { kind: 'slots', keys: ['a', '*'] } });
  expect(await failureOf(slots.ended)).toMatchObject({ kind: 'input', rule: 'deny-whole-bucket' });
  const keys = { kind: 'prefix', prefix: '' } as const;
  const session = await end([tooSmall, denied], { keys, fields: [['OSSAccessKeyId', 'STS.NUexample']] });
  expect(await session.ended).toMatchObject({ kind: 'ended' });
});

test.each([
  ['0030-00000001', 'bucket-policy-full'],
  ['0030-00000008', 'bucket-policy-source-ip'],
])('what OSS finds wrong in the whole policy (%s) is told in words', async (ec, rule) => {
  const connection = await makeServer((request, response) => {
    const code = request.method === 'GET' ? 'NoSuchBucketPolicy' : 'InvalidPolicyDocument';
    const status = request.method === 'GET' ? 404 : 400;
    response.writeHead(status).end(`<Error><Code>${code}</Code><EC>${ec}</EC><RequestId>1</RequestId></Error>`);
  });
  const { host, port } = connection.endpoint;
  const ending = endForm(connection, formAt(`http://${host}:${port}/my-bucket/`), {
    editor: policyEditor(),
    wait: () => Promise.resolve(),
  });
  expect(await failureOf(ending)).toMatchObject({ kind: 'input', rule });
});

test('a form that OSS refused before may still work elsewhere', async () => {
  const { ended, connection, action } = await end([denied]);
  expect(await ended).toMatchObject({ kind: 'unconfirmed', why: 'refused-before' });
  const again = { editor: policyEditor(), wait: () => Promise.resolve() };
  const form = { ...formAt(action), validUntil: Date.now() + 1000 };
  expect(await endForm(connection, form, again)).toMatchObject({ why: 'refused-before' });
  expect(await endForm(connection, form, again)).toMatchObject({ kind: 'ended' });
});
