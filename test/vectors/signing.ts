import { bucketUrl, type Endpoint, parseServer } from '../../main/oss/endpoint.ts';
import { encodeQuery } from '../../main/oss/canonical.ts';
import { signHeadersV1 } from '../../main/oss/signing/sign-v1.ts';
import { signHeadersV4 } from '../../main/oss/signing/sign-v4.ts';
import { signUrl } from '../../main/oss/signing/signed-url.ts';
import { decodeForm, differs, firstDifference, sorted } from './difference.ts';
import type { Difference } from './difference.ts';
import type { SigningRecord } from './records.ts';

/** Signs what the record says with main/oss, and compares all that the record gives. */
export function checkSigning(record: SigningRecord): Difference {
  return record.kind === 'query' ? checkQuery(record) : checkHeader(record);
}

function checkQuery(record: SigningRecord): Difference {
  const signed = signUrl({
    method: record.method,
    bucket: record.bucket,
    key: record.key,
    endpoint: endpointOf(record),
    region: record.cloudBoxId ?? record.region,
    ...(record.product == null ? {} : { product: record.product }),
    signVersion: record.sig_version,
    accessKey: accessKeyOf(record),
    signedAt: record.signing_time.unix * 1000,
    expiresSeconds: record.expires_seconds ?? 0,
    params: record.params,
    headers: record.headers,
    additionalHeaders: record.additional_headers ?? [],
  });
  return firstDifference(compareTexts(record, signed), compareUrl(record, signed.url));
}

function checkHeader(record: SigningRecord): Difference {
  const { expected } = record;
  const request = {
    method: record.method,
    bucket: record.bucket,
    key: record.key,
    params: record.params,
    headers: expected.headers ?? {},
    additionalHeaders: record.additional_headers ?? [],
  };
  const signedAt = dateOf(expected.headers ?? {}) ?? record.signing_time.unix * 1000;
  const signed =
    record.sig_version === 'v4'
      ? signHeadersV4(request, {
          accessKey: accessKeyOf(record),
          signedAt,
          region: record.cloudBoxId ?? record.region,
          ...(record.product == null ? {} : { product: record.product }),
        })
      : signHeadersV1(request, accessKeyOf(record), signedAt);
  const { authorization = '', ...headers } = signed.headers;
  const { origin, path } = bucketUrl(endpointOf(record), record.bucket, record.key);
  const query = encodeQuery(record.params);
  return firstDifference(
    compareTexts(record, signed),
    differs('authorization', authorizationFields(authorization), fieldsOf(expected.authorization)),
    differs('headers', headerSet(headers), headerSet(expected.headers ?? {})),
    compareUrl(record, query === '' ? `${origin}${path}` : `${origin}${path}?${query}`),
  );
}

/** The V4 date among the headers that are to be signed as they are. */
function dateOf(headers: Readonly<Record<string, string>>): number | null {
  const [, text] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-oss-date') ?? [];
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function compareTexts(
  { expected }: SigningRecord,
  actual: { readonly signature: string; readonly stringToSign: string; readonly canonicalRequest?: string },
): Difference {
  return firstDifference(
    differs('canonical_request', actual.canonicalRequest, expected.canonical_request),
    differs('string_to_sign', actual.stringToSign, expected.string_to_sign),
    differs('signature', actual.signature, expected.signature),
  );
}

function compareUrl({ expected }: SigningRecord, url: string): Difference {
  const actual = cut(url);
  return firstDifference(
    differs('origin', actual.origin, cut(expected.url).origin),
    differs('path', decodeURIComponent(actual.path), decodeURIComponent(expected.raw_path)),
    differs('query', sorted(decodeForm(actual.query)), sorted(expected.query)),
  );
}

function cut(url: string): { origin: string; path: string; query: string } {
  const [, origin = '', path = '', query = ''] = /^(https?:\/\/[^/?]+)([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  return { origin: origin.toLowerCase(), path, query };
}

function endpointOf(record: SigningRecord): Endpoint {
  return { ...parseServer(record.endpoint), addressing: record.addressing };
}

function accessKeyOf(record: SigningRecord): {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string | null;
} {
  const { accessKeyId, accessKeySecret, securityToken } = record;
  return { accessKeyId, accessKeySecret, securityToken };
}

function fieldsOf(authorization: string | null | undefined): readonly string[] | null {
  return authorization == null ? null : authorizationFields(authorization);
}

/** V4: spacing and order of the fields are each SDK's own. V1 has one form. */
function authorizationFields(text: string): readonly string[] {
  const [scheme = '', ...rest] = text.split(' ');
  return [
    scheme,
    ...rest
      .join(' ')
      .split(',')
      .map((field) => field.trim())
      .sort(),
  ];
}

/** Names in any case; the ends of a value are no part of it in HTTP. */
function headerSet(headers: Readonly<Record<string, string>>): readonly string[] {
  return sorted(Object.entries(headers).map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
}
