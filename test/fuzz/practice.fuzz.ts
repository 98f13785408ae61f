// The practice server listens on a port of this computer: whatever arrives there, it answers and lives on.
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFormData } from '../../main/practice/protocol/form-data.ts';
import { Refusal } from '../../main/practice/protocol/refusal.ts';
import { type PracticeServer, startPractice } from '../../main/practice/server.ts';
import { checkPostPolicy, parsePostPolicy } from '../../main/practice/signatures/post-policy.ts';
import { anyText, fuzz, mangled } from './runs.ts';

let folder: string;
let server: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-fuzz-'));
  server = await startPractice({ dataDir: join(folder, 'practice') });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/**
 * Sends bytes as they are and gives the first line of the answer; '' where the server hung up, as it does on a client
 * that `leaves` while it works.
 */
function sendRaw(text: string, leaves = true): Promise<string> {
  const { hostname, port } = new URL(server.endpoint);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      if (leaves) socket.end(Buffer.from(text, 'utf8'));
      else socket.write(Buffer.from(text, 'utf8'));
    });
    socket.setTimeout(5000, () => socket.destroy());
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
  });
}

const request = mangled(
  fc.constantFrom(
    'GET /waybill-samples?list-type=2&prefix=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: OSS4-HMAC-SHA256 Credential=a/20261124/cn-hangzhou/oss/aliyun_v4_request,Signature=beef\r\nx-oss-date: 20261124T000000Z\r\n\r\n',
    'PUT /waybill-samples/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 19\r\n\r\nAction=AssumeRole&x',
    'POST /waybill-samples HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 131\r\n\r\n--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc\r\n--b--\r\n',
    'GET /waybill-samples/a?Expires=1&OSSAccessKeyId=a&Signature=b%2B HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=0-\r\n\r\n',
  ),
);

test('whatever is sent without a valid signature changes and shows nothing, and the server lives on', async () => {
  await fuzz(
    'bytes of requests',
    fc.asyncProperty(fc.oneof(request, anyText), async (text) => {
      expect(await sendRaw(text)).not.toMatch(/^HTTP\/1\.1 (2\d\d|500)/);
    }),
    { among: 2 },
  );
  expect(await sendRaw('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 403/);
});

const BOUNDARY = '\r\n--b';
const fieldName = fc.constantFrom('key', 'policy', 'KEY', 'x-oss-meta-a', '__proto__', 'constructor', 'a"b', '');
const fieldValue = fc
  .oneof(
    fc.constantFrom('', 'a', '-', '--', '\r', '\r\n', '\r\n-', '\r\n--a', '\n--b', '\u00e9\u4e2d\ud83d\ude00'),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  .filter((value) => !`\r\n${value}\r\n`.includes(BOUNDARY));

/** A body in pieces of any size. */
async function* pieces(body: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield await Promise.resolve(body.subarray(at, at + size));
    at += size;
  }
}

/** The fields and the file of a body, null where it is refused. */
async function readAll(body: Buffer, sizes: readonly number[]): Promise<[[string, string][], string] | null> {
  try {
    const { fields, file } = await readFormData(pieces(body, sizes), 'multipart/form-data; boundary=b');
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.bytes) chunks.push(chunk);
    return [[...fields], Buffer.concat(chunks).toString('latin1')];
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

const quoted = (name: string): string => name.replaceAll('"', '%22');
const formOf = (fields: readonly (readonly [string, string])[], file: string): Buffer => {
  const parts = fields.map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n${file}\r\n--b--\r\n`);
};

const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 });

test('a form is read the same in whatever pieces it comes, and any other body the same way refused', async () => {
  await fuzz(
    'form bodies',
    fc.asyncProperty(
      fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 4 }),
      fieldValue,
      sizes,
      async (fields, file, cuts) => {
        const read = await readAll(formOf(fields, file), cuts);
        const first = new Map<string, string>();
        for (const [name, value] of fields) {
          if (!first.has(name.toLowerCase())) first.set(name.toLowerCase(), Buffer.from(value).toString());
        }
        expect(read?.[0]).toEqual([...first]);
        expect(read?.[1]).toBe(Buffer.from(file).toString('latin1'));
      },
    ),
    { among: 3 },
  );
  await fuzz(
    'form bodies',
    fc.asyncProperty(mangled(fc.constant(formOf([['key', 'a']], 'content').toString())), sizes, async (text, cuts) => {
      const body = Buffer.from(text);
      expect(await readAll(body, cuts)).toEqual(await readAll(body, [body.length + 1]));
    }),
    { among: 3 },
  );
});

const condition = fc.oneof(
  fc.tuple(
    fc.constantFrom('eq', 'starts-with', 'in', 'not-in', 'content-length-range', 'like'),
    fc.jsonValue(),
    fc.jsonValue(),
  ),
  fc.jsonValue(),
);

test('whatever a policy says, it is refused or held against the form', async () => {
  const fields = new Map([['key', 'a']]);
  await fuzz(
    'form bodies',
    fc.asyncProperty(fc.array(condition, { maxLength: 4 }), fc.jsonValue(), async (conditions, expiration) => {
      const times = ['2999-01-01T00:00:00.000Z', expiration];
      for (const time of times) {
        const text = Buffer.from(JSON.stringify({ expiration: time, conditions })).toString('base64');
        try {
          checkPostPolicy(parsePostPolicy(text), { bucket: 'b', fields, mustBeNamed: [], nowMs: Date.now() });
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }
      await Promise.resolve();
    }),
    { among: 3 },
  );
});

test('whatever the fields of a signed form say, it is answered, and the server lives on', async () => {
  const policy = Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[["starts-with","$key",""]]}').toString(
    'base64',
  );
  const signature = createHmac('sha1', server.accessKeySecret).update(policy).digest('base64');
  const signed = [
    ['policy', policy],
    ['OSSAccessKeyId', server.accessKeyId],
    ['Signature', signature],
  ] as const;
  const named = fc.constantFrom(
    ...[
      'key',
      'success_action_redirect',
      'success_action_status',
      'callback',
      'x:a',
      'x-oss-tagging',
      'x-oss-meta-a',
      'Expires',
    ],
    ...['x-oss-content-type', 'Content-Disposition', 'x-oss-object-acl', 'x-oss-storage-class', 'x-oss-security-token'],
  );
  await fuzz(
    'bytes of requests',
    fc.asyncProperty(fc.array(fc.tuple(named, fieldValue), { maxLength: 4 }), async (fields) => {
      const body = formOf([...signed, ...fields, ['key', 'a']], 'content').toString();
      const head = `POST /waybill-samples HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n`;
      expect(await sendRaw(head + body, false)).toMatch(/^HTTP\/1\.1 (20[0-4]|303|4\d\d)/);
    }),
    { among: 2 },
  );
});
