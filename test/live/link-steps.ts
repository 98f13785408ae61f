import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { deleteObject } from '../../main/oss/operations/deletes.ts';
import { taggingHeader } from '../../main/oss/operations/tags.ts';
import { type SignedUrlOptions, makeSignedUrl } from '../../main/oss/signing/signed-url.ts';
import { put } from './object-steps.ts';
import type { Place } from './place.ts';

type LinkOptions = Partial<SignedUrlOptions> & Pick<SignedUrlOptions, 'key'>;

/** A signed URL of the place. */
export async function linkTo({ bucket, connection }: Place, options: LinkOptions): Promise<string> {
  const { endpoint, region, signVersion, clock } = connection;
  return makeSignedUrl({
    ...{ method: 'GET', bucket, endpoint, region, signVersion, expiresSeconds: 300, signedAt: clock.now() },
    accessKey: await connection.accessKey(),
    ...options,
  });
}

/** What came back for a link. */
export interface Opened {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Opens a link as any client does, without Waybill's own code. */
export async function open(
  url: string,
  { connection }: Place,
  sent: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Opened> {
  const { method = 'GET', ...rest } = sent;
  const { statusCode, headers, body } = await request(url, {
    ...{ method: method as 'GET', dispatcher: connection.dispatcher },
    ...rest,
  });
  return { status: statusCode, headers, text: await body.text() };
}

/** Links of every kind, opened. */
export async function linkSteps(place: Place): Promise<void> {
  const { steps, prefix } = place;
  const key = `${prefix}linked é+ .txt`;
  await steps.run(`${prefix}link to read, with another name and type`, () => readLink(place, key));
  await steps.run(`${prefix}link to upload, with type, metadata, tags and no overwriting`, () => uploadLink(place));
  await steps.run(`${prefix}link with a traffic limit`, async () => {
    const url = await linkTo(place, { key, params: { 'x-oss-traffic-limit': '819200' } });
    assert.equal((await open(url, place)).text, 'content');
  });
  await steps.run(`${prefix}links for HEAD and DELETE`, async () => {
    await put(place, 'to-delete');
    const gone = `${prefix}to-delete`;
    assert.equal(
      (await open(await linkTo(place, { key: gone, method: 'HEAD' }), place, { method: 'HEAD' })).status,
      200,
    );
    const deletion = await linkTo(place, { key: gone, method: 'DELETE' });
    assert.equal((await open(deletion, place, { method: 'DELETE' })).status, 204);
  });
  await steps.run(`${prefix}link that has ended`, async () => {
    const url = await linkTo(place, { key, expiresSeconds: 1 });
    await delay(2500);
    assert.match((await open(url, place)).text, /Request has expired/);
  });
}

async function readLink(place: Place, key: string): Promise<void> {
  await put(place, key.slice(place.prefix.length));
  const params = {
    'response-content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('名前 a.txt')}`,
    'response-content-type': 'text/plain',
  };
  const { status, headers, text } = await open(await linkTo(place, { key, params }), place);
  assert.deepEqual(
    { status, text, type: headers['content-type'], disposition: headers['content-disposition'] },
    { status: 200, text: 'content', type: 'text/plain', disposition: params['response-content-disposition'] },
  );
}

async function uploadLink(place: Place): Promise<void> {
  const key = `${place.prefix}uploaded`;
  const headers = {
    'content-type': 'text/csv',
    'x-oss-meta-from': 'link',
    'x-oss-tagging': taggingHeader([['of', 'link']]),
    'x-oss-forbid-overwrite': 'true',
  };
  const url = await linkTo(place, { key, method: 'PUT', headers });
  const wrong = { ...headers, 'content-type': 'text/plain' };
  assert.equal((await open(url, place, { method: 'PUT', headers: wrong, body: 'a,b' })).status, 403);
  assert.equal((await open(url, place, { method: 'PUT', headers, body: 'a,b' })).status, 200);
  assert.equal((await open(url, place, { method: 'PUT', headers, body: 'c,d' })).status, 409);
  assert.equal((await open(await linkTo(place, { key }), place)).text, 'a,b');
}

/** A link to one version stays with it. */
export async function versionLinkStep(place: Place): Promise<void> {
  await place.steps.run(`${place.prefix}link to a version`, async () => {
    const key = `${place.prefix}linked version`;
    const { versionId } = await put(place, 'linked version', 'first');
    await put(place, 'linked version', 'second');
    assert.ok(versionId !== null);
    const url = await linkTo(place, { key, params: { versionId } });
    assert.equal((await open(url, place)).text, 'first');
    assert.equal((await open(await linkTo(place, { key }), place)).text, 'second');
    await deleteObject(place.connection, { bucket: place.bucket, key, versionId });
  });
}
