import { makeCrc64 } from '../../main/crc64/crc64.ts';
import type { CdnAuth } from '../../main/links/cdn/cdn-auth.ts';
import { usualNames } from '../../main/links/text/cdn-url.ts';
import { signCdnPath } from '../../main/links/cdn/sign-cdn.ts';
import { parseEndpoint } from '../../main/oss/endpoint.ts';
import { type PostCondition, signPostPolicy } from '../../main/oss/signing/post-policy.ts';
import { readSignedUrl } from '../../main/links/text/pasted-link.ts';
import { signUrl } from '../../main/oss/signing/signed-url.ts';
import { decodeForm, differs, firstDifference, sorted } from './difference.ts';
import type { Difference } from './difference.ts';
import type { CdnRecord, FormFile, FormRecord, PartRecord } from './records.ts';

type Check = readonly [id: string, check: () => Difference];

/** One check a record of the file. */
export function formChecks(file: FormFile): readonly Check[] {
  return [
    ...(file.forms ?? []).map((record): Check => [record.id, () => checkForm(record)]),
    ...(file.presignedParts ?? []).map((record): Check => [record.id, () => checkPart(record)]),
    ...(file.cdn ?? []).map((record, index): Check => [`cdn-${String(index + 1)}`, () => checkCdn(record)]),
    ...(file.crc64 ?? []).map((record, index): Check => [
      `crc64-${String(index + 1)}`,
      () => {
        const crc = makeCrc64();
        crc.update('text' in record ? Buffer.from(record.text) : Buffer.alloc(record.bytes, record.repeat));
        return differs('crc', crc.digest(), record.crc);
      },
    ]),
  ];
}

/** Signs the policy's own conditions, and compares the whole. */
function checkForm(record: FormRecord): Difference {
  const { expiration, conditions } = JSON.parse(record.policyJson) as {
    expiration: string;
    conditions: readonly PostCondition[];
  };
  const equal = (name: string): string | undefined =>
    conditions.flatMap((one) => (Object.hasOwn(one, name) ? [(one as Record<string, string>)[name]] : []))[0];
  const token = equal('x-oss-security-token') ?? null;
  const signVersion = record.date === undefined ? 'v1' : 'v4';
  const own = 1 + (signVersion === 'v4' ? 3 : 0) + (token === null ? 0 : 1);
  const { json, fields } = signPostPolicy({
    ...{ bucket: equal('bucket') ?? '', region: record.region ?? '', signVersion },
    accessKey: {
      accessKeyId: record.accessKeyId,
      accessKeySecret: record.accessKeySecret,
      securityToken: token,
    },
    signedAt: signedAtOf(record.date),
    validUntil: Date.parse(expiration),
    conditions: conditions.slice(own),
  });
  const sent = Object.fromEntries(fields);
  return firstDifference(
    differs('policyJson', json, record.policyJson),
    differs('policyBase64', sent['policy'], record.policyBase64),
    differs('date', sent['x-oss-date'], record.date),
    differs('signature', sent['x-oss-signature'] ?? sent['Signature'], record.signature),
  );
}

/** The hash of a link as the documents of the CDN show it; C and F share one, so both forms of C and F are made. */
function checkCdn({ type, key: privateKey, path, rand = '0', md5, ...stamp }: CdnRecord): Difference {
  const seconds = Number(stamp.time ?? 0);
  const hashOf = (auth: CdnAuth, time: number): string | undefined => {
    const url = signCdnPath({ auth, privateKey, path, params: [], time, rand });
    return /[0-9a-f]{32}/.exec(url)?.[0];
  };
  if (type === 'A') return differs('md5', hashOf({ type }, seconds), md5);
  if (type === 'B') {
    const minute = String(stamp.time).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:00+08:00');
    return differs('md5', hashOf({ type }, Date.parse(minute) / 1000), md5);
  }
  const time = parseInt(stamp.timeHex ?? '', 16);
  return firstDifference(
    differs('C in the path', hashOf({ type: 'C', names: null }, time), md5),
    differs('C in parameters', hashOf({ type: 'C', names: usualNames.C }, time), md5),
    differs('F', hashOf({ type: 'F', names: usualNames.F, time: 'hex', path: 'encoded' }, time), md5),
  );
}

function signedAtOf(date: string | undefined): number {
  return date === undefined
    ? 0
    : Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Signs the same request as the URL of the record, which names all but the secret. */
function checkPart({ method, url, headers = {}, accessKeySecret }: PartRecord): Difference {
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') return `url: ${reading.kind}`;
  const { bucket, key, host, region, accessKeyId, signedAt, validUntil, params } = reading.parts;
  const signed = signUrl({
    ...{ method, bucket, key, headers, params },
    ...{ endpoint: parseEndpoint(`https://${host}`), region: region ?? '', signVersion: 'v4' },
    accessKey: { accessKeyId, accessKeySecret, securityToken: null },
    signedAt: signedAt ?? 0,
    expiresSeconds: (validUntil - (signedAt ?? 0)) / 1000,
  });
  const [path = '', query = ''] = signed.url.split('?');
  const [expectedPath = '', expectedQuery = ''] = url.split('?');
  return firstDifference(
    differs('path', path, expectedPath),
    differs('query', sorted(decodeForm(query)), sorted(decodeForm(expectedQuery))),
  );
}
