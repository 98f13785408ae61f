import { makeCrc64 } from '../../main/crc64/crc64.ts';
import { parseEndpoint } from '../../main/oss/endpoint.ts';
import { type PostCondition, signPostPolicy } from '../../main/oss/signing/post-policy.ts';
import { readSignedUrl } from '../../main/links/text/pasted-link.ts';
import { signUrl } from '../../main/oss/signing/signed-url.ts';
import { decodeForm, differs, firstDifference, sorted } from './difference.ts';
import type { Difference } from './difference.ts';
import type { FormFile, FormRecord, PartRecord } from './records.ts';

type Check = readonly [id: string, check: () => Difference];

/** One check a record of the file. Links for a CDN, which some files hold too, are none of ours. */
export function formChecks(file: FormFile): readonly Check[] {
  return [
    ...(file.forms ?? []).map((record): Check => [record.id, () => checkForm(record)]),
    ...(file.presignedParts ?? []).map((record): Check => [record.id, () => checkPart(record)]),
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
