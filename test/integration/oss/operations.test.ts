import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WaybillError } from '../../../main/failure.ts';
import type { Failure } from '../../../main/failure.ts';
import { getBucketInfo, getBucketVersioning, listBuckets } from '../../../main/oss/operations/buckets.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import type { AccessKey, Connection } from '../../../main/oss/connection.ts';
import { copyObject } from '../../../main/oss/operations/copies.ts';
import { crc64Combine, makeCrc64 } from '../../../main/crc64/crc64.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { deleteObject, deleteObjects } from '../../../main/oss/operations/deletes.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '../../../main/oss/operations/multipart.ts';
import { getObject, headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { sendUnsigned } from '../../../main/oss/exchange/request.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import type { SignedUrlOptions } from '../../../main/oss/signing/signed-url.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { signRpc } from '../../vectors/sts-rpc.ts';
import { lookupHere, practiceTargets } from '../../support/addressing.ts';
import type { OpenTarget, Site } from '../../support/addressing.ts';
import { hardKeys } from '../../support/hard-keys.ts';

const signVersions = ['v4', 'v1'] as const;

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof WaybillError) return error.failure;
  throw error;
}

function crcOf(bytes: Uint8Array): string {
  const crc = makeCrc64();
  crc.update(bytes);
  return crc.digest();
}

describe.each(practiceTargets)('$name', ({ open }) => {
  let target: OpenTarget;
  let connection: Connection;
  let bucket: string;
  beforeAll(async () => {
    target = await open();
    connection = target.connect(target.plain);
    bucket = target.plain.bucket;
  });
  afterAll(async () => {
    for (const site of [target.plain, target.versioned]) await empty(target, site);
    await target.close();
  });

  async function put(key: string, content: string, site: Site = target.plain): Promise<string> {
    const body = Buffer.from(content);
    const input = { bucket: site.bucket, key: target.prefix + key, body, sizeBytes: body.length };
    await putObject(target.connect(site), input);
    return input.key;
  }

  async function read(key: string, site: Site = target.plain, versionId?: string): Promise<string> {
    const { body } = await getObject(target.connect(site), { bucket: site.bucket, key, versionId });
    return (await buffer(body)).toString();
  }

  describe.each(signVersions)('signed with %s', (signVersion) => {
    test.each(hardKeys)('an object of key %j is stored, found, read and deleted', async (name) => {
      const signed = { ...connection, signVersion };
      const object = { bucket, key: `${target.prefix}${signVersion}/${name}` };
      const body = Buffer.from(`content of ${name}`);
      const stored = await putObject(signed, { ...object, body, sizeBytes: body.length });
      expect(stored.crc64).toBe(crcOf(body));
      const head = await headObject(signed, object);
      expect(head).toMatchObject({ sizeBytes: body.length, crc64: stored.crc64, etag: stored.etag });
      expect(head.etag).toBe(createHash('md5').update(body).digest('hex').toUpperCase());
      const reply = await getObject(signed, object);
      expect(await buffer(reply.body)).toEqual(body);
      const page = await listObjects(signed, bucket, { prefix: object.key });
      expect(page.objects.map(({ key }) => key)).toEqual([object.key]);
      const copyKey = `${target.prefix}${signVersion}-copies/${name}`;
      const copied = await copyObject(signed, { source: object, bucket, key: copyKey });
      expect(copied.etag).toBe(stored.etag);
      await deleteObject(signed, object);
      expect(await failureOf(headObject(signed, object))).toMatchObject({ kind: 'oss', status: 404 });
      expect(await read(copyKey)).toBe(body.toString());
    });

    test('a signed URL downloads, with the name and type that it binds', async () => {
      const key = await put(`share-${signVersion}/a b+你/../🙂?.txt`, 'shared');
      const url = makeUrl({ key, signVersion, params: { 'response-content-type': 'text/x-test' } });
      const { body, headers } = await sendUnsigned(url, { method: 'GET' }, connection.dispatcher);
      expect((await buffer(body)).toString()).toBe('shared');
      expect(headers).toMatchObject({
        'content-type': 'text/x-test',
        'x-oss-hash-crc64ecma': expect.any(String) as string,
      });
      expect(readSignedUrl(url)).toMatchObject({ kind: 'link', parts: { key } });
    });

    test('a signed URL uploads with exactly the headers that it binds', async () => {
      const key = `${target.prefix}upload-${signVersion}.txt`;
      const headers = { 'content-type': 'text/plain', 'x-oss-meta-from': 'us' };
      const url = makeUrl({ method: 'PUT', key, signVersion, headers });
      const request = { method: 'PUT', body: Buffer.from('up') };
      const wrong = failureOf(
        sendUnsigned(url, { ...request, headers: { 'content-type': 'text/html' } }, connection.dispatcher),
      );
      expect(await wrong).toMatchObject({ kind: 'link', cause: 'link-mismatch' });
      (await sendUnsigned(url, { ...request, headers }, connection.dispatcher)).body.resume();
      expect(await headObject(connection, { bucket, key })).toMatchObject({
        contentType: 'text/plain',
        meta: { from: 'us' },
      });
    });

    test('a signed URL is refused for another method, and told apart when it has ended', async () => {
      const key = await put(`end-${signVersion}.txt`, 'x');
      const url = makeUrl({ key, signVersion });
      const put2 = failureOf(sendUnsigned(url, { method: 'PUT', body: Buffer.from('y') }, connection.dispatcher));
      expect(await put2).toMatchObject({ kind: 'link', cause: 'link-mismatch' });
      const ended = makeUrl({ key, signVersion, signedAt: Date.now() - 3_600_000, expiresSeconds: 60 });
      const failure = await failureOf(sendUnsigned(ended, { method: 'GET' }, connection.dispatcher));
      expect(failure).toMatchObject({ kind: 'link', cause: 'expired' });
    });

    test('a wrong secret and an unknown AccessKey are told apart', async () => {
      const as = (change: Partial<AccessKey>): Connection =>
        target.connect(target.plain, {
          signVersion,
          accessKey: () => Promise.resolve({ ...target.accessKey, ...change }),
        });
      const wrong = as({ accessKeySecret: 'wrong' });
      for (const failure of [
        await failureOf(listObjects(wrong, bucket, { prefix: target.prefix })),
        await failureOf(headObject(wrong, { bucket, key: 'k' })),
      ]) {
        expect(failure).toMatchObject({ kind: 'credentials', cause: 'wrong-secret' });
      }
      const unknown = as({ accessKeyId: 'LTAIunknownunknown' });
      expect(await failureOf(listObjects(unknown, bucket))).toMatchObject({
        kind: 'credentials',
        cause: 'wrong-key',
      });
    });

    test('a clock that is off by an hour sets itself right', async () => {
      const clock = new ServerClock(() => Date.now() - 3_600_000);
      const late = target.connect(target.plain, { signVersion, clock });
      await listObjects(late, bucket, { prefix: target.prefix });
      expect(Math.abs(clock.offsetMs - 3_600_000)).toBeLessThan(60_000);
    });
  });

  function makeUrl(options: Pick<SignedUrlOptions, 'key' | 'signVersion'> & Partial<SignedUrlOptions>): string {
    const { endpoint } = target.plain;
    const { region, accessKey } = target;
    const signedAt = Date.now();
    return makeSignedUrl({
      method: 'GET',
      bucket,
      endpoint,
      region,
      accessKey,
      signedAt,
      expiresSeconds: 600,
      ...options,
    });
  }

  test('a V4 URL that starts in the future is not valid yet', async () => {
    const key = await put('future.txt', 'x');
    const url = makeUrl({ key, signVersion: 'v4', signedAt: Date.now() + 3_600_000 });
    const failure = await failureOf(sendUnsigned(url, { method: 'GET' }, connection.dispatcher));
    expect(failure).toMatchObject({ kind: 'link', cause: 'not-yet-valid' });
  });

  test('a V4 URL that binds its host works on that host', async () => {
    const key = await put('host.txt', 'x');
    const url = makeUrl({ key, signVersion: 'v4', additionalHeaders: ['host'] });
    expect((await buffer((await sendUnsigned(url, { method: 'GET' }, connection.dispatcher)).body)).toString()).toBe(
      'x',
    );
  });

  test('a range gives its bytes, also when it ends beyond the object', async () => {
    const key = await put('range.txt', '0123456789');
    const part = await getObject(connection, { bucket, key }, { range: { start: 2, end: 4 } });
    expect((await buffer(part.body)).toString()).toBe('234');
    expect(part).toMatchObject({
      status: 206,
      contentLength: 3,
      sizeBytes: 10,
      contentRange: { start: 2, end: 4, sizeBytes: 10 },
    });
    const tail = await getObject(connection, { bucket, key }, { range: { start: 8, end: 100 } });
    expect((await buffer(tail.body)).toString()).toBe('89');
    const rest = await getObject(connection, { bucket, key }, { range: { start: 7 } });
    expect((await buffer(rest.body)).toString()).toBe('789');
    const beyond = await failureOf(getObject(connection, { bucket, key }, { range: { start: 10 } }));
    expect(beyond).toMatchObject({ kind: 'oss', status: 416 });
  });

  test('a download of an object that has changed is refused', async () => {
    const key = await put('changed.txt', 'old');
    const { etag } = await headObject(connection, { bucket, key });
    await put('changed.txt', 'new');
    const failure = await failureOf(getObject(connection, { bucket, key }, { ifMatch: etag ?? '' }));
    expect(failure).toMatchObject({ kind: 'oss', status: 412 });
    const { etag: now } = await headObject(connection, { bucket, key });
    (await getObject(connection, { bucket, key }, { ifMatch: now ?? '' })).body.resume();
  });

  test('folders and objects are listed apart, page by page', async () => {
    for (const name of ['1', '2/a', '2/b', '3', '4 +&/x']) await put(`list/${name}`, name);
    const prefix = `${target.prefix}list/`;
    const keys: string[] = [];
    const prefixes: string[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const page = await listObjects(connection, bucket, { prefix, delimiter: '/', maxKeys: 1, pageToken });
      keys.push(...page.objects.map(({ key }) => key.slice(prefix.length)));
      prefixes.push(...page.prefixes.map((key) => key.slice(prefix.length)));
      pageToken = page.nextPageToken ?? undefined;
      pages += 1;
    } while (pageToken !== undefined);
    expect({ keys, prefixes, pages }).toEqual({ keys: ['1', '3'], prefixes: ['2/', '4 +&/'], pages: 4 });
    const all = await listObjects(connection, bucket, { prefix, startAfter: `${prefix}2/a` });
    expect(all.objects.map(({ key }) => key.slice(prefix.length))).toEqual(['2/b', '3', '4 +&/x']);
    expect(all.objects[0]).toMatchObject({ sizeBytes: 3, storageClass: 'Standard' });
    expect(Math.abs((all.objects[0]?.lastModified ?? 0) - Date.now())).toBeLessThan(600_000);
  });

  test('many objects are deleted at once, whatever their keys', async () => {
    for (const name of hardKeys) await put(`many/${name}`, 'x');
    const prefix = `${target.prefix}many/`;
    const objects = hardKeys.map((name) => ({ key: prefix + name }));
    expect((await deleteObjects(connection, bucket, objects)).failed).toEqual([]);
    expect((await listObjects(connection, bucket, { prefix })).objects).toEqual([]);
  });

  test('an object that must not be replaced is not', async () => {
    const key = await put('keep.txt', 'first');
    const input = {
      bucket,
      key,
      body: Buffer.from('second'),
      sizeBytes: 6,
      headers: { 'x-oss-forbid-overwrite': 'true' },
    };
    expect(await failureOf(putObject(connection, input))).toMatchObject({ kind: 'oss', code: 'FileAlreadyExists' });
    expect(await read(key)).toBe('first');
  });

  test('a large stream is stored whole', async () => {
    const bytes = randomBytes(8 * 1024 * 1024);
    const key = `${target.prefix}large.bin`;
    const body = (): Readable => Readable.from(chunksOf(bytes));
    const stored = await putObject(connection, { bucket, key, body, sizeBytes: bytes.length });
    expect(stored.crc64).toBe(crcOf(bytes));
    const reply = await getObject(connection, { bucket, key });
    expect(Buffer.compare(await buffer(reply.body), bytes)).toBe(0);
  });

  function* chunksOf(bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }

  test('an object is made of parts', async () => {
    const key = `${target.prefix}parts/你 +.bin`;
    const uploadId = await initiateMultipartUpload(connection, { bucket, key, headers: { 'x-oss-meta-a': '1' } });
    const upload = { bucket, key, uploadId };
    const bytes = [randomBytes(102_400), randomBytes(102_401), randomBytes(7)];
    const parts: { partNumber: number; etag: string }[] = [];
    let crc64 = '0';
    for (const [index, body] of bytes.entries()) {
      const partNumber = index + 1;
      const part = await uploadPart(connection, { ...upload, partNumber, body, sizeBytes: body.length });
      expect(part.crc64).toBe(crcOf(body));
      crc64 = crc64Combine(crc64, part.crc64 ?? '', body.length);
      parts.push({ partNumber, etag: part.etag });
    }
    const first = await listParts(connection, upload, { maxParts: 2 });
    const second = await listParts(connection, upload, { partNumberMarker: first.nextPartNumberMarker ?? undefined });
    expect([...first.parts, ...second.parts].map(({ partNumber, etag }) => ({ partNumber, etag }))).toEqual(parts);
    expect([...first.parts, ...second.parts].map(({ sizeBytes }) => sizeBytes)).toEqual([102_400, 102_401, 7]);
    expect(second.nextPartNumberMarker).toBeNull();
    const { uploads } = await listMultipartUploads(connection, bucket, { prefix: `${target.prefix}parts/` });
    expect(uploads.map(({ key: name, uploadId: id }) => ({ name, id }))).toEqual([{ name: key, id: uploadId }]);
    const done = await completeMultipartUpload(connection, { ...upload, parts: [...parts].reverse() });
    expect(done.crc64).toBe(crc64);
    const head = await headObject(connection, { bucket, key });
    expect(head).toMatchObject({
      crc64,
      etag: done.etag,
      sizeBytes: 204_808,
      objectType: 'Multipart',
      meta: { a: '1' },
    });
  });

  test('an upload that was given up is gone', async () => {
    const key = `${target.prefix}aborted.bin`;
    const uploadId = await initiateMultipartUpload(connection, { bucket, key });
    await abortMultipartUpload(connection, { bucket, key, uploadId });
    const failure = await failureOf(listParts(connection, { bucket, key, uploadId }));
    expect(failure).toMatchObject({ kind: 'oss', code: 'NoSuchUpload' });
  });

  test('an object or upload that is not there says so', async () => {
    const missing = { bucket, key: `${target.prefix}none` };
    expect(await failureOf(getObject(connection, missing))).toMatchObject({
      kind: 'oss',
      status: 404,
      code: 'NoSuchKey',
    });
    expect(await failureOf(headObject(connection, missing))).toMatchObject({
      kind: 'oss',
      status: 404,
      code: 'NoSuchKey',
    });
  });

  test('a bucket tells its region and whether it keeps versions', async () => {
    expect(await getBucketInfo(connection, bucket)).toMatchObject({ name: bucket, region: target.region });
    const state = await getBucketVersioning(connection, bucket);
    expect((await getBucketInfo(connection, bucket)).versioning).toBe(state);
    expect(state).toBe('never');
  });

  test('versions are listed, read, shared and deleted one by one', async () => {
    const site = target.versioned;
    const own = target.connect(site);
    const key = await put('versions/你 +.txt', 'first', site);
    await put('versions/你 +.txt', 'second', site);
    const marker = await deleteObject(own, { bucket: site.bucket, key });
    expect(marker.deleteMarker).toBe(true);
    const page = await listVersions(own, site.bucket, { prefix: key });
    expect(
      page.versions.map(({ deleteMarker, isLatest, sizeBytes }) => ({ deleteMarker, isLatest, sizeBytes })),
    ).toEqual([
      { deleteMarker: true, isLatest: true, sizeBytes: 0 },
      { deleteMarker: false, isLatest: false, sizeBytes: 6 },
      { deleteMarker: false, isLatest: false, sizeBytes: 5 },
    ]);
    expect(page.versions[0]?.versionId).toBe(marker.versionId);
    expect(await failureOf(headObject(own, { bucket: site.bucket, key }))).toMatchObject({ kind: 'oss', status: 404 });
    const [, second, first] = page.versions.map(({ versionId }) => versionId);
    expect(await read(key, site, first)).toBe('first');
    for (const signVersion of signVersions) {
      const params = { versionId: second ?? '' };
      const url = makeUrl({ bucket: site.bucket, endpoint: site.endpoint, key, signVersion, params });
      const { body } = await sendUnsigned(url, { method: 'GET' }, own.dispatcher);
      expect((await buffer(body)).toString()).toBe('second');
    }
    const paged = await listVersions(own, site.bucket, { prefix: key, maxKeys: 2 });
    const next = await listVersions(own, site.bucket, {
      prefix: key,
      keyMarker: paged.nextKeyMarker ?? undefined,
      versionIdMarker: paged.nextVersionIdMarker ?? undefined,
    });
    expect([...paged.versions, ...next.versions]).toEqual(page.versions);
    await deleteObject(own, { bucket: site.bucket, key, versionId: marker.versionId ?? '' });
    expect(await read(key, site)).toBe('second');
    const { failed } = await deleteObjects(
      own,
      site.bucket,
      [first, second].map((versionId) => ({ key, versionId })),
    );
    expect(failed).toEqual([]);
    expect((await listVersions(own, site.bucket, { prefix: key })).versions).toEqual([]);
  });

  describe('with a server of ours', () => {
    test('buckets are listed, page by page', async ({ skip }) => {
      if (target.plain.endpoint.addressing === 'cname') return skip('a custom domain knows one bucket only');
      const first = await listBuckets(connection, { prefix: 'suite-', maxKeys: 1 });
      const second = await listBuckets(connection, { prefix: 'suite-', marker: first.nextMarker ?? '' });
      expect([...first.buckets, ...second.buckets].map(({ name, region }) => ({ name, region }))).toEqual([
        { name: 'suite-bucket', region: 'cn-hangzhou' },
        { name: 'suite-versions', region: 'cn-hangzhou' },
      ]);
      expect(second.nextMarker).toBeNull();
    });

    test('a bucket that does not exist says so', async ({ skip }) => {
      if (target.plain.endpoint.addressing === 'cname') return skip('a custom domain knows one bucket only');
      expect(await failureOf(listObjects(connection, 'no-such-bucket'))).toMatchObject({
        kind: 'oss',
        code: 'NoSuchBucket',
      });
    });

    test('the key "." alone is an object', async () => {
      for (const key of ['.', '..']) {
        await putObject(connection, { bucket, key, body: Buffer.from(key), sizeBytes: key.length });
        expect(await read(key)).toBe(key);
        await deleteObject(connection, { bucket, key });
      }
    });

    test('temporary credentials sign requests and URLs', async () => {
      const accessKey = await assumeRole(target, connection);
      for (const signVersion of signVersions) {
        const temporary = target.connect(target.plain, { signVersion, accessKey: () => Promise.resolve(accessKey) });
        const key = `${target.prefix}sts-${signVersion}`;
        await putObject(temporary, { bucket, key, body: Buffer.from('x'), sizeBytes: 1 });
        const url = makeUrl({ key, signVersion, accessKey });
        expect(readSignedUrl(url)).toMatchObject({ parts: { temporary: true } });
        (await sendUnsigned(url, { method: 'GET' }, connection.dispatcher)).body.resume();
      }
    });

    test('a token that has ended is a matter of credentials, on a link a matter of the link', async () => {
      const remove = target.practice.faults.add({ effect: { kind: 'expired-token' } });
      try {
        expect(await failureOf(listObjects(connection, bucket))).toMatchObject({
          kind: 'credentials',
          cause: 'token-expired',
        });
        const url = makeUrl({ key: 'k', signVersion: 'v4' });
        const failure = await failureOf(sendUnsigned(url, { method: 'GET' }, connection.dispatcher));
        expect(failure).toMatchObject({ kind: 'link', cause: 'token-expired' });
      } finally {
        remove();
      }
    });

    test('an answer that is cut off is a broken network', async () => {
      const key = await put('cut.txt', 'x'.repeat(10_000));
      const remove = target.practice.faults.add({ effect: { kind: 'truncate', afterBytes: 100 } });
      try {
        expect(await failureOf(listObjects(connection, bucket))).toMatchObject({ kind: 'network', reason: 'reset' });
        const { body } = await getObject(connection, { bucket, key });
        await expect(buffer(body)).rejects.toThrow();
      } finally {
        remove();
      }
    });

    test('a bucket asked for in another region comes with the right endpoint', async ({ skip }) => {
      const { endpoint } = target.plain;
      if (endpoint.addressing !== 'virtual') return skip('only an OSS domain names its region');
      const elsewhere = parseEndpoint(`https://oss-cn-beijing.aliyuncs.com:${String(endpoint.port)}`);
      const asked = target.connect({ bucket, endpoint: elsewhere }, { region: 'cn-beijing' });
      const failure = await failureOf(listObjects(asked, bucket));
      expect(failure).toMatchObject({ kind: 'oss', endpoint: 'oss-cn-hangzhou.aliyuncs.com' });
    });

    test('a server whose certificate is not trusted is not talked to', async ({ skip }) => {
      if (target.plain.endpoint.protocol === 'http') return skip('http has no certificate');
      const dispatcher = makeDispatcher({ lookup: lookupHere });
      const failure = await failureOf(listObjects(target.connect(target.plain, { dispatcher }), bucket));
      expect(failure).toMatchObject({ kind: 'network', reason: 'tls' });
      await dispatcher.close();
    });
  });
});

async function empty(target: OpenTarget, site: Site): Promise<void> {
  const { bucket } = site;
  const connection = target.connect(site);
  if (site === target.versioned) {
    const { versions } = await listVersions(connection, bucket, { prefix: target.prefix });
    if (versions.length > 0) await deleteObjects(connection, bucket, versions);
  }
  const { objects } = await listObjects(connection, bucket, { prefix: target.prefix });
  if (objects.length > 0) await deleteObjects(connection, bucket, objects);
  const { uploads } = await listMultipartUploads(connection, bucket, { prefix: target.prefix });
  for (const upload of uploads) await abortMultipartUpload(connection, { bucket, ...upload });
}

/** Signed by hand, as in any RPC client, because the app's own STS client isn't under test here. */
async function assumeRole(target: OpenTarget, connection: Connection): Promise<AccessKey> {
  const { practice } = target;
  const params = {
    Action: 'AssumeRole',
    RoleArn: practice.roleArn,
    RoleSessionName: 'suite',
    DurationSeconds: '900',
    Format: 'JSON',
    Version: '2015-04-01',
    AccessKeyId: practice.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: crypto.randomUUID(),
    Timestamp: new Date().toISOString().replace(/\.\d{3}/, ''),
  };
  const { signature } = signRpc('POST', params, practice.accessKeySecret);
  const reply = await connection.dispatcher.request({
    origin: practice.endpoint,
    path: '/',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...params, Signature: signature }).toString(),
  });
  const { Credentials } = (await reply.body.json()) as {
    Credentials: { AccessKeyId: string; AccessKeySecret: string; SecurityToken: string };
  };
  return {
    accessKeyId: Credentials.AccessKeyId,
    accessKeySecret: Credentials.AccessKeySecret,
    securityToken: Credentials.SecurityToken,
  };
}
