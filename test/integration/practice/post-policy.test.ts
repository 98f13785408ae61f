// What the policy of a form demands, and which policies OSS refuses as such.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';
import { type FormOptions, type Posted, outcome, post, signForm } from './forms.ts';

const BUCKET = 'form-bucket';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

const posted = (options: FormOptions = {}, file?: string | Blob): Promise<Posted> =>
  post(server, signForm(client, options), file);

describe('a condition', () => {
  const condition = (value: readonly unknown[], fields: Record<string, string> = {}) =>
    posted({ conditions: [value], fields });

  test.each([
    [['eq', '$key', 'in/a']],
    [['eq', 'key', 'in/a']],
    [['starts-with', '$key', 'in/']],
    [['starts-with', '$KEY', '']],
    [['in', '$key', ['in/b', 'in/a']]],
    [['not-in', '$key', ['in/b']]],
    [['content-length-range', 7, 7]],
    [['in', '$content-type', ['text/plain']]],
  ])('that the form fulfils lets it pass: %j', async (value) => {
    expect((await condition(value)).status).toBe(204);
  });

  test.each([
    [['eq', '$key', 'in/b']],
    [['starts-with', '$key', 'out/']],
    [['in', '$key', ['in/b']]],
    [['not-in', '$key', ['in/a']]],
    [['not-in', '$content-type', ['text/plain']]],
  ])('that the form does not fulfil is told: %j', async (value) => {
    const answer = await condition(value);
    expect(outcome(answer)).toEqual([403, 'AccessDenied', '0006-00000227']);
    expect(xmlText(answer.text, 'Message')).toMatch(/^Invalid according to Policy: Policy Condition failed: \[/);
  });

  test.each([
    [['eq', '$x-oss-meta-name', 'a']],
    [['starts-with', '$x-oss-meta-name', '']],
    [['in', '$x-oss-content-type', ['image/png']]],
    [['not-in', '$x-oss-content-type', ['text/html']]],
  ])('about a field that is absent refuses the form: %j', async (value) => {
    expect(outcome(await condition(value))).toEqual([403, 'AccessDenied', '0006-00000226']);
  });

  test('is compared before the name of the file is filled in', async () => {
    const fields = { key: 'in/${filename}' };
    expect((await condition(['eq', '$key', 'in/${filename}'], fields)).status).toBe(204);
    expect(String((await client.get('in/a.txt')).content)).toBe('content');
    expect((await condition(['eq', '$key', 'in/a.txt'], fields)).ec).toBe('0006-00000227');
  });

  test('about the bucket refuses a form for another', async () => {
    expect((await posted({ bucket: 'elsewhere' })).ec).toBe('0006-00000227');
  });

  test.each([
    ['x-oss-meta-name', 'a'],
    ['x-oss-object-acl', 'private'],
    ['anything', 'else'],
  ])('is not needed for a field such as %s', async (name, value) => {
    expect((await posted({ fields: { [name]: value } })).status).toBe(204);
  });
});

describe('the size of a file', () => {
  test('is refused above the range of the policy, and nothing is stored', async () => {
    const answer = await posted(
      { conditions: [['content-length-range', 1, 1000]], fields: { key: 'large' } },
      new Blob([Buffer.alloc(3_000_000)]),
    );
    expect(outcome(answer)).toEqual([400, 'EntityTooLarge', '0006-00000003']);
    await expect(client.head('large')).rejects.toMatchObject({ status: 404 });
  });

  test('is refused below it', async () => {
    const answer = await posted({ conditions: [['content-length-range', 8, 1000]], fields: { key: 'small' } });
    expect(outcome(answer)).toEqual([400, 'EntityTooSmall', '0006-00000004']);
    await expect(client.head('small')).rejects.toMatchObject({ status: 404 });
  });

  test('must be in each range of the policy', async () => {
    const conditions = [
      ['content-length-range', 1, 7],
      ['content-length-range', 7, 1000],
    ];
    expect((await posted({ conditions })).status).toBe(204);
    expect((await posted({ conditions }, 'longer content')).code).toBe('EntityTooLarge');
    expect((await posted({ conditions }, 'short')).code).toBe('EntityTooSmall');
  });

  test('is refused beyond 5 GB before a byte of it is read', async () => {
    const answer = await send(`${server.endpoint}/${BUCKET}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'multipart/form-data; boundary=b',
        'Content-Length': String(5 * 1024 ** 3 + 1),
        Connection: 'close',
      },
    });
    expect([answer.status, xmlText(answer.text, 'EC')]).toEqual([400, '0006-00000003']);
  });
});

test.each([
  ['not Base64', '~', '202'],
  ['not UTF-8', Buffer.from([0xff]).toString('base64'), '203'],
  ['not JSON', '{', '204'],
  ['without conditions', { expiration: '2999-01-01T00:00:00.000Z' }, '207'],
  ['without an expiration', { conditions: [['eq', '$key', 'a']] }, '208'],
  ['with a number as expiration', { expiration: 1, conditions: [] }, '210'],
  ['with an empty expiration', { expiration: '', conditions: [] }, '211'],
  ['with an expiration in another format', { expiration: '2999-01-01 00:00:00', conditions: [] }, '212'],
  ['with one condition instead of a list', [123], '214'],
  ['with no condition', [[]], '215'],
  ['with a field alone', [[['$key']]], '216'],
  ['with an unknown comparison', [[['like', '$key', 'a']]], '216'],
  ['with three values', [[['starts-with', '$key', 'a', 'b']]], '218'],
  ['with an empty range', [[['content-length-range', 20, 10]]], '219'],
  ['with a range to a word', [[['content-length-range', 10, 'test']]], '221'],
  ['with a number as condition', [[123]], '222'],
  ['with a range of a list', [[['content-length-range', [1], 'test']]], '223'],
  ['with a word for a list', [[['not-in', 'cache-control', 'no-cache']]], '224'],
  ['with a condition of two fields', [[{ a: '1', b: '2' }]], undefined],
])('a policy %s is no policy', async (_what, given, page) => {
  const policy = Array.isArray(given)
    ? { expiration: '2999-01-01T00:00:00.000Z', conditions: given[0] as unknown }
    : given;
  const text =
    typeof policy === 'string' && policy !== '{'
      ? policy
      : Buffer.from(policy === '{' ? policy : JSON.stringify(policy)).toString('base64');
  const signature = createHmac('sha1', server.accessKeySecret).update(text).digest('base64');
  const fields = { key: 'in/a', OSSAccessKeyId: server.accessKeyId, policy: text, Signature: signature };
  const answer = await post(server, new Map(Object.entries(fields)));
  const ec = page === undefined ? undefined : `0006-00000${page}`;
  expect(outcome(answer)).toEqual([400, 'InvalidPolicyDocument', ec]);
});
