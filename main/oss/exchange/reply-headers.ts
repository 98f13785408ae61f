import { malformedReply } from '../../failure.ts';
import type { Reply } from '../../http/message.ts';
import { type RequestSecrets, repeatsSecret, withoutSecrets } from './echoes.ts';

/** Headers of a reply: names in lower case, repeated ones joined with commas, the ETag without its quotes. */
export type OssHeaders = Readonly<Record<string, string>>;

/**
 * Headers as OssHeaders: undici's may be lists, with blanks behind values. A server may send any name, `__proto__` too,
 * and any value: the request's own secrets are replaced.
 * @throws WaybillError `oss` MalformedReply for an ETag that no request can hold
 */
export function flattenHeaders(headers: Reply['headers'], secrets: RequestSecrets): OssHeaders {
  const flat = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = (typeof value === 'string' ? [value] : value).map((one) => one.trim()).join(', ');
    flat[name.toLowerCase()] = repeatsSecret(text, secrets) ? withoutSecrets(text, secrets) : text;
  }
  if (flat['etag'] !== undefined) flat['etag'] = parseEtag(flat['etag']);
  return flat;
}

/**
 * An ETag without its quotes. Waybill keeps ETags unquoted everywhere and quotes them in requests, so one with a line
 * break must not get in: XML can hold any character.
 * @throws WaybillError `oss` MalformedReply for characters that a header can't hold
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.etag
 */
export function parseEtag(etag: string): string {
  if (!/^[\x20-\x7e\x80-\xff]*$/.test(etag)) throw malformedReply(200, 'an ETag with control characters');
  return etag.length > 1 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}
