import { WaybillError } from '../../failure.ts';
import { deniesWholeBucket, literalPattern, resourceOf } from '../../accounts/sts/policy.ts';
import { MAX_BUCKET_POLICY } from '../../oss/limits.ts';
import { endOfStatement, uploadStatement } from './our-statements.ts';
import type { Statement } from './policy-text.ts';

/**
 * What a bucket is to refuse although it was signed: uploads below a prefix or to a few keys, with one AccessKey.
 *
 * The statement names the AccessKey ID in a condition (`acs:AccessId`) rather than a principal: a page holds that ID, so
 * that it can be ended by its file alone, and only such a condition concerns the owner's own key too. What such a
 * condition risks, to lock out more than one key, is kept small: it covers uploads below one prefix, and no wildcard.
 */
export interface UploadDenial {
  readonly bucket: string;
  readonly keys:
    { readonly kind: 'prefix'; readonly prefix: string } | { readonly kind: 'slots'; readonly keys: readonly string[] };
  readonly accessKeyId: string;
  /** When what was signed expires, in Unix milliseconds. The statement stops to count soon after. */
  readonly validUntil: number;
}

/** What a statement takes besides its resources, at most. */
const FRAME_BYTES = 400;

/**
 * The statements that deny it, each short enough for OSS.
 * @throws WaybillError `input` for an AccessKey ID with a character that policies read as a wildcard; `deny-whole-bucket` for a
 *   key that would lose every upload to the bucket
 */
export function denyStatements({ bucket, keys, accessKeyId, validUntil }: UploadDenial): readonly Statement[] {
  if (deniesWholeBucket(keys.kind === 'prefix' ? [keys.prefix] : keys.keys, accessKeyId)) {
    throw new WaybillError({ kind: 'input', field: 'prefix', rule: 'deny-whole-bucket' });
  }
  const names = keys.kind === 'prefix' ? [`${literalPattern(keys.prefix)}*`] : keys.keys.map(literalPattern);
  const end = endOfStatement(validUntil);
  const statements = inChunks(names.map((name) => resourceOf(bucket, name))).map((resources) => ({
    Effect: 'Deny',
    Action: ['oss:PutObject'],
    Principal: ['*'],
    Resource: resources,
    Condition: {
      StringEquals: { 'acs:AccessId': [accessKeyId] },
      DateLessThan: { 'acs:CurrentTime': [end] },
    },
  }));
  if (statements.length === 0 || !statements.every((statement) => uploadStatement.safeParse(statement).success)) {
    throw new WaybillError({ kind: 'input', field: 'accessKeyId', rule: 'form-key-id' });
  }
  return statements;
}

function inChunks(resources: readonly string[]): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let bytes = Infinity;
  for (const resource of resources) {
    // With its quotes and the comma; JSON escapes some characters.
    const length = Buffer.byteLength(JSON.stringify(resource)) + 1;
    if (bytes + length > MAX_BUCKET_POLICY.statementBytes - FRAME_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(resource);
    bytes += length;
  }
  return chunks;
}
