// The bodies of forms, well-formed and not, and what a fault does to them.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { connect as connectTo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';
import { type FormOptions, type Posted, post, signForm } from './forms.ts';

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

afterEach(() => {
  server.faults.clear();
});

const textOf = async (key: string): Promise<string> => String((await client.get(key)).content);

describe('a body', () => {
  const raw = (body: string, type = 'multipart/form-data; boundary=b') =>
    send(`${server.endpoint}/${BUCKET}`, { method: 'POST', headers: { 'Content-Type': type }, body });
  const part = (head: string, value: string) => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const code = async (answer: ReturnType<typeof raw>) => xmlText((await answer).text, 'Code');

  test.each([
    ['of another type', '', 'application/json', 'RequestIsNotMultiPartContent'],
    ['without a boundary', '', 'multipart/form-data', 'RequestIsNotMultiPartContent'],
    ['with a boundary in quotes', '', 'multipart/form-data; boundary="b"', 'RequestIsNotMultiPartContent'],
    ['that never shows its boundary', 'abc', undefined, 'MalformedPOSTRequest'],
    ['that ends within a field', part('name="key"', 'a').slice(0, -4), undefined, 'MalformedPOSTRequest'],
    ['whose part has no name', `${part('filename="a"', 'a')}--b--`, undefined, 'MalformedPOSTRequest'],
    ['with text behind its boundary', '--b x\r\n', undefined, 'MalformedPOSTRequest'],
    ['without a file', `${part('name="key"', 'a')}--b--`, undefined, 'IncorrectNumberOfFilesInPOSTRequest'],
    ['with a name that is too long', `${part(`name="${'n'.repeat(8193)}"`, 'a')}--b--`, undefined, 'FieldItemTooLong'],
    [
      'with a field that is too long',
      `${part('name="a"', 'a'.repeat(2 ** 21 + 1))}--b--`,
      undefined,
      'FieldItemTooLong',
    ],
    [
      'with too much before its file',
      `${part('name="a"', 'a'.repeat(2 ** 21)).repeat(5)}--b--`,
      undefined,
      'FieldItemTooLong',
    ],
    [
      'whose key comes after its file',
      `${part('name="file"', 'a')}${part('name="key"', 'a')}--b--`,
      undefined,
      'InvalidArgument',
    ],
  ])('%s is refused', async (_what, body, type, expected) => {
    expect(await code(raw(body, type))).toBe(expected);
  });

  test('may have a field behind its file, which counts for nothing', async () => {
    const fields = [...signForm(client)].map(([name, value]) => part(`name="${name}"`, value));
    const file = part('name="file"; filename="f"', 'first\r\n--a\r\n-');
    const answer = await raw(`${fields.join('')}${file}${part('name="submit"', 'Upload')}--b--\r\n`);
    expect(answer.status).toBe(204);
    expect(await textOf('in/a')).toBe('first\r\n--a\r\n-');
  });

  test('that ends within its file stores nothing', async () => {
    const fields = [...signForm(client, { fields: { key: 'cut' } })].map(([name, value]) =>
      part(`name="${name}"`, value),
    );
    expect(await code(raw(`${fields.join('')}${part('name="file"', 'half').slice(0, -2)}`))).toBe(
      'MalformedPOSTRequest',
    );
    await expect(client.head('cut')).rejects.toMatchObject({ status: 404 });
  });

  test('of several requests on one connection is read to its end, refused or not', async () => {
    const large = new Blob([Buffer.alloc(2_000_000)]);
    const conditions = [['content-length-range', 1, 1000]];
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await posted({ conditions }, large)).status).toBe(400);
      expect((await posted({}, large)).status).toBe(204);
    }
  });
});

test.each([
  ['its fields', -1],
  ['its file', 1],
])('a client that leaves within %s leaves nothing behind', async (_what, at) => {
  const problems: unknown[] = [];
  const left = await start({ seed: false, onInternalError: (error) => problems.push(error) });
  const owner = connect(left, { bucket: BUCKET });
  await owner.putBucket(BUCKET);
  const fields = [...signForm(owner, { fields: { key: 'left' } })].map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n';
  const whole = `${fields.join('')}${file}`;
  const sent = at < 0 ? whole.slice(0, whole.length / 2) : whole + 'a'.repeat(100_000);
  const socket = connectTo(Number(new URL(left.endpoint).port), '127.0.0.1');
  const headers = 'Host: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000';
  const text = `POST /${BUCKET} HTTP/1.1\r\n${headers}\r\n\r\n${sent}`;
  await new Promise((resolve) => socket.write(text, resolve));
  await vi.waitFor(async () => {
    const incoming = await readdir(join(left.dataDir, 'incoming'));
    expect(incoming).toHaveLength(at < 0 ? 0 : 1);
  });
  socket.destroy();
  await vi.waitFor(async () => {
    expect(await readdir(join(left.dataDir, 'incoming'))).toEqual([]);
  });
  await expect(owner.head('left')).rejects.toMatchObject({ status: 404 });
  await left.stop();
  expect(problems).toEqual([]);
});

test('curl posts a form, with a file of a hostile name', async () => {
  const fields = signForm(client, { fields: { key: 'in/${filename}', success_action_status: '200' } });
  const names = [...fields].flatMap(([name, value]) => ['--form-string', `${name}=${value}`]);
  const file = ['--form', 'file=@-;filename="C:\\dir\\a;b.bin"'];
  const run = promisify(execFile)('curl', ['-sS', '-i', ...names, ...file, `${server.endpoint}/${BUCKET}/`]);
  run.child.stdin?.end(Buffer.alloc(1_500_000, 'x'));
  const { stdout } = await run;
  expect(stdout).toMatch(/HTTP\/1\.1 200/);
  expect(await textOf('in/a;b.bin')).toHaveLength(1_500_000);
});

describe('a fault', () => {
  test.each([
    ['an error', { kind: 'error', status: 503, code: 'ServiceUnavailable' }],
    ['an ended token', { kind: 'expired-token' }],
  ] as const)('hits a form by its key: %s', async (_what, effect) => {
    server.faults.add({ match: { operation: 'PostObject', key: 'in/a' }, times: 1, effect });
    expect((await posted({ fields: { key: 'in/b' } })).status).toBe(204);
    expect((await posted()).status).toBeGreaterThanOrEqual(400);
    expect((await posted()).status).toBe(204);
  });

  test.each(['before-headers', 'mid-upload', 'after-work'] as const)('cuts a form: %s', async (at) => {
    const reset = { kind: 'reset', at, afterBytes: 100_000 } as const;
    server.faults.add({ match: { operation: 'PostObject' }, times: 1, effect: reset });
    const key = `cut/${at}`;
    await expect(posted({ fields: { key } }, new Blob([Buffer.alloc(1_000_000)]))).rejects.toThrow();
    const stored = await client.head(key).then(
      () => true,
      () => false,
    );
    expect(stored).toBe(at === 'after-work');
  });
});
