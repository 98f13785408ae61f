import { randomBytes } from 'node:crypto';
import { own } from '../../own.ts';
import { callBack, withCallback } from './callback.ts';
import { type Exchange, type Reply, bucketOf, entityTooLarge, keyOf } from '../exchange.ts';
import { type FormData, readFormData } from '../protocol/form-data.ts';
import { encodePercent } from '../protocol/percent.ts';
import { Refusal, invalidArgument } from '../protocol/refusal.ts';
import type { Target } from '../protocol/target.ts';
import { toXml } from '../protocol/xml.ts';
import { type SizeRange, checkPostPolicy, parsePostPolicy } from '../signatures/post-policy.ts';
import { V4_FIELDS, formSignatureOf } from '../signatures/verify-form.ts';
import type { SignedBy } from '../signatures/verify.ts';
import { MAX_BODY_BYTES, attributesOf, refuseOverwrite, storeNewObject, writtenHeaders } from './write-object.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** A form as the request that it stands for: its key in the target, and its fields as the headers of a PutObject. */
export interface FormRequest {
  readonly target: Target;
  readonly headers: Headers;
  readonly signedBy: SignedBy | null;
  /** By names in lower case, as they were sent. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: AsyncIterable<Uint8Array>;
}

/** Reads a form up to its file. @throws Refusal if it is no form, or has no key */
export async function readFormRequest(
  body: AsyncIterable<Uint8Array>,
  { target, headers }: { readonly target: Target; readonly headers: Headers },
): Promise<FormRequest> {
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const { fields, file } = await readFormData(body, headers['content-type']);
  const key = fields.get('key');
  if (key === undefined || key === '') {
    throw invalidArgument("Bucket POST must contain a field named 'key'.", { name: 'key', value: '' });
  }
  const contentType = file.contentType ?? fields.get('content-type');
  const effective = contentType === undefined ? fields : new Map([...fields, ['content-type', contentType]]);
  return {
    target: { ...target, key: key.replaceAll('${filename}', () => baseName(file.name)) },
    headers: { ...picked(headers, ['host', 'user-agent', 'x-oss-traffic-limit']), ...headersOf(effective) },
    signedBy: formSignatureOf(fields),
    fields: effective,
    file: file.bytes,
  };
}

/**
 * Holds a form against its policy.
 * @returns its file, which ends with a refusal where its size is not what the policy allows
 * @throws Refusal `InvalidPolicyDocument`, `AccessDenied`
 */
export function checkedFile({ fields, signedBy, target, file }: FormRequest, nowMs: number): AsyncIterable<Uint8Array> {
  const policy = fields.get('policy');
  if (signedBy === null || policy === undefined) return sized(file, null);
  const mustBeNamed = signedBy.version === 'v4' ? V4_FIELDS : [];
  return sized(
    file,
    checkPostPolicy(parsePostPolicy(policy), { bucket: target.bucket ?? '', fields, mustBeNamed, nowMs }),
  );
}

/** PostObject. The ETag is no MD5, as OSS doesn't promise one. */
export async function postObject(x: Exchange): Promise<Reply> {
  const attributes = attributesOf(x);
  refuseOverwrite(x);
  const received = await x.store.blobs.receive(x.body());
  const version = await storeNewObject(x, attributes, {
    sizeBytes: received.sizeBytes,
    etag: randomBytes(16).toString('hex').toUpperCase(),
    crc64: received.crc64,
    contentMd5: null,
    type: 'Normal',
    pieces: [await x.store.blobs.keep(received)],
  });
  const headers = writtenHeaders(x, version);
  const called = await callBack(x, version);
  return called === null ? succeeded(x, headers) : withCallback(called, headers);
}

function succeeded(x: Exchange, headers: Readonly<Record<string, string>>): Reply {
  const redirect = x.headers['success_action_redirect'];
  const result = { Bucket: bucketOf(x).settings.name, ETag: headers['ETag'], Key: keyOf(x) };
  if (redirect !== undefined && URL.canParse(redirect)) {
    const url = new URL(redirect);
    url.searchParams.append('bucket', result.Bucket);
    url.searchParams.append('etag', result.ETag ?? '');
    url.searchParams.append('key', result.Key);
    return { status: 303, headers: { ...headers, Location: url.href } };
  }
  const status = x.headers['success_action_status'];
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers };
  const Location = `http://${x.headers['host'] ?? ''}/${encodePercent(result.Key, '/')}`;
  const body = toXml('PostResponse', { ...result, Location });
  return { status: 201, headers: { ...headers, 'Content-Type': 'application/xml', Location }, body };
}

function picked(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(names.map((name) => [name, own(headers, name)]));
}

/** Fields that PutObject has as headers; those of a callback have other names there. */
const HEADER_FIELDS = /^(x-oss-[\w.-]+|content-(disposition|encoding|language|type)|cache-control|expires)$/;

/** One character for each byte, as Node gives headers. `x-oss-content-type` beats each other type. */
function headersOf(fields: FormData['fields']): Record<string, string> {
  const headers: Record<string, string> = {};
  const variables: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name.startsWith('x:')) variables[name] = value;
    if (name.startsWith('success_action_')) headers[name] = value;
    if (!HEADER_FIELDS.test(name)) continue;
    // oxlint-disable-next-line no-control-regex -- what no header may hold
    if (/[\0-\x08\n-\x1f\x7f]/.test(value)) throw invalidArgument('A form field is not valid.', { name, value: '' });
    headers[name] = Buffer.from(value, 'utf8').toString('latin1');
  }
  const callback = fields.get('callback');
  if (callback !== undefined) headers['x-oss-callback'] = callback;
  headers['x-oss-callback-var'] = Buffer.from(JSON.stringify(variables)).toString('base64');
  const type = headers['x-oss-content-type'];
  return type === undefined || type === '' ? headers : { ...headers, 'content-type': type };
}

/** What OSS fills in for `${filename}`: the name without a path. */
function baseName(fileName: string): string {
  return fileName.split(/[/\\]/).at(-1) ?? '';
}

async function* sized(file: AsyncIterable<Uint8Array>, range: SizeRange | null): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of file) {
    sizeBytes += chunk.length;
    if (sizeBytes > Math.min(range?.max ?? MAX_BODY_BYTES, MAX_BODY_BYTES)) throw tooLarge();
    yield chunk;
  }
  if (sizeBytes < (range?.min ?? 0)) throw tooSmall();
}

/** @see https://help.aliyun.com/zh/oss/user-guide/0006-00000003 */
function tooLarge(): Refusal {
  return entityTooLarge('0006-00000003');
}

/** @see https://help.aliyun.com/zh/oss/user-guide/0006-00000004 */
function tooSmall(): Refusal {
  const message = 'Your proposed upload is smaller than the minimum allowed size.';
  return new Refusal(400, { code: 'EntityTooSmall', message, ec: '0006-00000004' });
}
