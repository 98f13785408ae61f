import { constants } from 'node:buffer';
import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import { formatLinks } from '../../../../main/links/making/link-list.ts';
import { signLink, type LinkRequest } from '../../../../main/links/making/sign-link.ts';
import { formatUploadRequest } from '../../../../main/links/making/upload-request-text.ts';
import { createUploadRequest } from '../../../../main/links/making/upload-request.ts';
import { ReceivedFiles } from '../../../../main/links/receiving/received-files.ts';
import { MAX_MANIFEST_BYTES } from '../../../../main/links/receiving/share-manifest.ts';
import { readSignedUrls } from '../../../../main/links/text/pasted-link.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const now = Date.UTC(2026, 10, 24, 12);
const bucket = 'samples';
const accessKey = { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: 'secret', securityToken: null };
const connection: Connection = {
  endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  accessKey: () => Promise.resolve(accessKey),
  dispatcher: new Agent(),
  clock: new ServerClock(() => now),
};
const keyOf = (securityToken: string | null) => ({ accessKey: { ...accessKey, securityToken }, validUntil: null });
const options = { expiresSeconds: 3600, fileName: null, open: null };

function manifest(securityToken: string | null = null): string {
  const links = ['a/one.txt', 'a/two.txt'].map((key, index) => {
    const request: LinkRequest = { bucket, key, versionId: null, ...options };
    // The second alone may be signed with a token.
    const { url } = signLink(connection, keyOf(index === 1 ? securityToken : null), request);
    return { key, versionId: null, sizeBytes: index === 1 ? null : 3, crc64: '42', url };
  });
  const head = { bucket, base: 'a/', validUntil: now + 3_600_000, madeAt: now };
  return [...formatLinks('manifest', head, links)].join('');
}

function uploadRequest(note?: string): string {
  const asked = { bucket, prefix: 'in/', slots: { names: ['x.pdf', 'y.pdf'] }, note, options };
  return formatUploadRequest('request', createUploadRequest(connection, keyOf(null), asked).request);
}

const server = { host: 'samples.oss-cn-hangzhou.aliyuncs.com', bucket, exposed: false };

const refused = (rule: string, fields: object = {}) =>
  expect.objectContaining({ failure: { kind: 'input', field: 'uploadRequest', rule, ...fields } }) as Error;
const unknown = expect.objectContaining({ failure: { kind: 'input', field: 'file', rule: 'unknown' } }) as Error;

describe('several links that were pasted', () => {
  const urls = [...manifest().matchAll(/"url":"([^"]+)"/g)].map(([, url = '']) => url);

  test('are kept as a list whose links are opened and downloaded by their places', async () => {
    const files = new ReceivedFiles();
    const note = Buffer.from('{"v":1,"m":"PUT"}').toString('base64url');
    const text = `${urls[0]}\n${urls[1]}#waybill=${note}`;
    const card = await files.openList(text, readSignedUrls(text), now);
    const fileId = card?.fileId ?? '';
    expect(card?.objects.map(({ path, isDownload }) => [path, isDownload])).toEqual([
      ['one.txt', true],
      ['two.txt', false],
    ]);
    expect(JSON.stringify(card)).not.toContain('x-oss-signature');
    expect(files.downloads(fileId, null).map(({ url }) => url)).toEqual([urls[0]]);
    expect(files.downloads(fileId, [1])).toEqual([]);
    expect(files.listed(fileId, 1)).toMatchObject({ kind: 'link', parts: { key: 'a/two.txt' } });
    expect(() => files.listed(fileId, 2)).toThrow(unknown);
    expect(() => files.uploadRequest(fileId)).toThrow(unknown);
  });

  test('are no list where there is one', async () => {
    const files = new ReceivedFiles();
    expect(await files.openList(urls[0] ?? '', readSignedUrls(urls[0] ?? ''), now)).toBeNull();
  });
});

describe('a received file', () => {
  test('of links tells what it holds; its URLs stay here', () => {
    const files = new ReceivedFiles();
    const text = manifest();
    const card = files.open(text);
    if (card?.kind !== 'manifest') throw new Error(String(card?.kind));
    expect(card).toEqual({
      kind: 'manifest',
      fileId: card.fileId,
      ...{ bucket, server, madeAt: now, validUntil: now + 3_600_000, temporary: false },
      objects: [
        { path: 'one.txt', sizeBytes: 3 },
        { path: 'two.txt', sizeBytes: null },
      ],
    });
    expect(text).toContain(files.downloads(card.fileId, null)[0]?.url);
    expect(() => files.uploadRequest(card.fileId)).toThrow(unknown);
  });

  test('is downloaded whole or in part', () => {
    const files = new ReceivedFiles();
    const card = files.open(manifest());
    const names = (chosen: readonly number[] | null) =>
      files.downloads(card?.fileId ?? '', chosen).map(({ fileName }) => fileName);
    expect([names(null), names([1]), names([7])]).toEqual([['one.txt', 'two.txt'], ['two.txt'], []]);
  });

  test('with one link of temporary credentials may end early', () => {
    expect(new ReceivedFiles().open(manifest('a-token'))).toMatchObject({ temporary: true });
  });

  test.each([[undefined], ['Please send both.']])('of an upload request tells its slots, and its note: %s', (note) => {
    const files = new ReceivedFiles();
    const card = files.open(uploadRequest(note));
    if (card?.kind !== 'upload-request') throw new Error(String(card?.kind));
    expect(card).toEqual({
      kind: 'upload-request',
      fileId: card.fileId,
      ...{ bucket, server, madeAt: now, validUntil: now + 3_600_000, note: note ?? null },
      slots: [
        { name: 'x.pdf', key: 'in/x.pdf' },
        { name: 'y.pdf', key: 'in/y.pdf' },
      ],
    });
    expect(files.uploadRequest(card.fileId).slots[0]?.url).toContain('#waybill=');
    expect(() => files.downloads(card.fileId, null)).toThrow(unknown);
  });

  test('that was never opened, or twenty others ago, is unknown', () => {
    const files = new ReceivedFiles();
    expect(() => files.downloads('x', null)).toThrow(unknown);
    const ids = Array.from({ length: 21 }, () => files.open(manifest())?.fileId ?? '');
    expect(() => files.downloads(ids[0] ?? '', null)).toThrow(unknown);
    expect(files.downloads(ids[1] ?? '', null)[0]?.parts.bucket).toBe(bucket);
  });

  test.each([['text'], ['{"waybill":"grant"}'], ['a {"waybill":"share"'], ['x {"waybill":"upload-request"'], ['']])(
    'that is %j is neither',
    (text) => {
      expect(new ReceivedFiles().open(text)).toBeNull();
    },
  );
});

describe('a damaged upload request', () => {
  const files = new ReceivedFiles();
  const text = uploadRequest();

  test('that was cut off is no JSON', () => {
    expect(() => files.open(text.slice(0, -10))).toThrow(refused('upload-request-not-json'));
  });

  test('names what is wrong in it', () => {
    expect(() => files.open(text.replace('"version": 1', '"version": 2'))).toThrow(
      refused('upload-request-format', { limit: 'version' }),
    );
    expect(() => files.open(text.replace('"key": "in/x.pdf"', '"key": ""'))).toThrow(
      refused('upload-request-format', { limit: 'slots.0.key' }),
    );
  });

  test.each([
    ['is none', (url: string) => `https://example.com/${url.length}`],
    ['lost its note', (url: string) => url.replace(/#.*/, '')],
    ['has a note that is cut off', (url: string) => url.slice(0, -5)],
  ])('names the slot whose link %s', (_what, damage) => {
    const request = JSON.parse(text) as { slots: { url: string }[] };
    const [, second] = request.slots;
    if (second === undefined) throw new Error('no second slot');
    second.url = damage(second.url);
    expect(() => files.open(JSON.stringify(request))).toThrow(refused('upload-request-link', { limit: '2' }));
  });
});

describe('a file whose links lead elsewhere than it says', () => {
  const claims = (field: string, limit: string) =>
    expect.objectContaining({ failure: { kind: 'input', field, rule: 'file-claims', limit } }) as Error;
  const files = new ReceivedFiles();

  test.each([
    ['another bucket', (text: string) => text.replace('"bucket":"samples"', '"bucket":"acme-hr"'), '1'],
    ['a second server', (text: string) => text.replace(/samples(\.oss-cn-hangzhou\S+two)/, 'samples.evil$1'), '2'],
    ['a second bucket', (text: string) => text.replace(/samples(\.oss-cn-hangzhou\S+two)/, 'loot$1'), '2'],
    ['http among https', (text: string) => text.replace(/https(:\S+two)/, 'http$1'), '2'],
  ])('is refused: a manifest with %s', (_what, change, limit) => {
    const text = manifest();
    expect(change(text)).not.toBe(text);
    expect(() => files.open(change(text))).toThrow(claims('manifest', limit));
  });

  test.each([
    ['another bucket', (text: string) => text.replace('"bucket": "samples"', '"bucket": "acme-hr"'), '1'],
    ['another key', (text: string) => text.replace('"key": "in/y.pdf"', '"key": "in/z.pdf"'), '2'],
    ['a second server', (text: string) => text.replace(/samples(\.oss-cn-hangzhou\S+y\.pdf)/, 'samples.evil$1'), '2'],
    ['headers of its own', (text: string) => text.replace(/"headers": \{/, '"headers": { "host": "intranet",'), '1'],
  ])('is refused: an upload request with %s', (_what, change, limit) => {
    const text = uploadRequest();
    expect(change(text)).not.toBe(text);
    expect(() => files.open(change(text))).toThrow(claims('uploadRequest', limit));
  });

  test.each([
    ['http://samples.oss-cn-hangzhou.aliyuncs.com', true],
    ['http://127.0.0.1.evil.example', true],
    ['http://localhost.evil.example', true],
    ['http://127.0.0.1:8080/samples', false],
    ['http://localhost/samples', false],
    ['http://[::1]/samples', false],
    ['https://127.0.0.1.evil.example', false],
  ])('says of %s whether others can read it on the way: %s', (origin, exposed) => {
    const text = manifest().replaceAll('https://samples.oss-cn-hangzhou.aliyuncs.com', origin);
    expect(files.open(text)?.server?.exposed).toBe(exposed);
    const request = uploadRequest().replaceAll('https://samples.oss-cn-hangzhou.aliyuncs.com', origin);
    expect(files.open(request)?.server?.exposed).toBe(exposed);
  });
});

test('a text of the largest manifest fits into a string', () => {
  expect(MAX_MANIFEST_BYTES).toBeLessThan(constants.MAX_STRING_LENGTH);
});
