import assert from 'node:assert/strict';
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

/** What came back for a link. The body of a refusal echoes the link, so of that only a few fields are kept. */
export interface Opened {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The content; empty if the link was refused. */
  readonly text: string;
  readonly refusal: Readonly<Partial<Record<(typeof TOLD)[number], string>>>;
}

/** What of a refusal may be told. */
const TOLD = ['Code', 'EC', 'Message', 'AuthAction'] as const;

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
  return told(statusCode, headers, await body.text());
}

/** What may be kept of an answer. */
export function told(status: number, headers: Opened['headers'], text: string): Opened {
  if (status < 300) return { status, headers, text, refusal: {} };
  const kept = TOLD.map((name) => [name, valueOf(text, name)] as const).filter(([, value]) => value !== '');
  return { status, headers, text: '', refusal: Object.fromEntries(kept) };
}

/** The text of an element of an XML reply, or an empty one. */
export function valueOf(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';
}

/** Expects that a link is served with this content. */
export async function serves(url: string, place: Place, content: string): Promise<void> {
  const { status, text, refusal } = await open(url, place);
  assert.deepEqual({ status, text, ...refusal }, { status: 200, text: content });
}

/** Links of every kind, opened. */
export async function linkSteps(place: Place): Promise<void> {
  const { steps, prefix } = place;
  const key = `${prefix}linked é+ .txt`;
  await steps.run(`${prefix}link to read, with another name and type`, () => readLink(place, key));
  await steps.run(`${prefix}link to upload, with type, metadata, tags and no overwriting`, () => uploadLink(place));
  await steps.run(`${prefix}link with a traffic limit`, async () => {
    const url = await linkTo(place, { key, params: { 'x-oss-traffic-limit': '819200' } });
    await serves(url, place, 'content');
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
    // Long over even where this computer's clock is as far ahead as OSS tolerates, which is a quarter of an hour.
    const signedAt = place.connection.clock.now() - 3_600_000;
    const { status, refusal } = await open(await linkTo(place, { key, signedAt, expiresSeconds: 60 }), place);
    const { Code, Message } = refusal;
    assert.deepEqual({ status, Code, Message }, { status: 403, Code: 'AccessDenied', Message: 'Request has expired.' });
  });
}

async function readLink(place: Place, key: string): Promise<void> {
  await put(place, key.slice(place.prefix.length));
  const params = {
    'response-content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('名前 a.txt')}`,
    'response-content-type': 'text/plain',
  };
  const { status, headers, text, refusal } = await open(await linkTo(place, { key, params }), place);
  assert.deepEqual(
    { ...refusal, status, text, type: headers['content-type'], disposition: headers['content-disposition'] },
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
  await serves(await linkTo(place, { key }), place, 'a,b');
}

/** A link to one version stays with it. */
export async function versionLinkStep(place: Place): Promise<void> {
  await place.steps.run(`${place.prefix}link to a version`, async () => {
    const key = `${place.prefix}linked version`;
    const { versionId } = await put(place, 'linked version', 'first');
    await put(place, 'linked version', 'second');
    assert.ok(versionId !== null);
    const url = await linkTo(place, { key, params: { versionId } });
    await serves(url, place, 'first');
    await serves(await linkTo(place, { key }), place, 'second');
    await deleteObject(place.connection, { bucket: place.bucket, key, versionId });
  });
}
