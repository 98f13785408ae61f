import { isDenied, toFailure } from '../../failure.ts';
import { getObjectAcl } from '../../oss/operations/acl.ts';
import { attributeHeaders, type ObjectHead } from '../../oss/operations/object-headers.ts';
import { getObjectTags, taggingHeader } from '../../oss/operations/tags.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { FORBID_OVERWRITE } from '../stored-object.ts';
import type { UploadWatch } from '../upload/upload-job.ts';
import { type CopyJob, objectRefOf } from './copy-job.ts';

/**
 * Returns the headers that give the copy what OSS doesn't take over by itself. `source` is null if the account can't
 * read it.
 */
export async function headersOf(
  job: CopyJob,
  source: ObjectHead | null,
  { isWhole, watch }: { readonly isWhole: boolean; readonly watch: UploadWatch },
): Promise<Record<string, string>> {
  const isRewrite = job.rewrite !== undefined;
  const isExplicit = !isWhole || isRewrite || job.through === 'machine';
  const base = {
    ...(job.existing === 'keep' ? FORBID_OVERWRITE : {}),
    ...(job.move || isRewrite ? await aclHeader(job, watch) : {}),
  };
  if (source === null) return base;
  const described = job.rewrite?.(source) ?? source;
  return {
    ...base,
    ...(described.storageClass === '' ? {} : { 'x-oss-storage-class': described.storageClass }),
    ...(isRewrite ? inPlaceHeaders(source, isWhole) : {}),
    ...(isExplicit ? await attributesOf(job, described, watch) : {}),
  };
}

/** A copy onto itself loses everything the request doesn't include: include all of it, and say so. */
function inPlaceHeaders({ encryption }: ObjectHead, isWhole: boolean): Record<string, string> {
  const replace = { 'x-oss-metadata-directive': 'REPLACE', 'x-oss-tagging-directive': 'REPLACE' };
  return { ...encryption, ...(isWhole ? replace : {}) };
}

/** Returns the headers that CopyObject would take over by itself. */
async function attributesOf(
  { source: { connection, ...location } }: CopyJob,
  source: ObjectHead,
  { signal }: UploadWatch,
): Promise<Record<string, string>> {
  const headers = attributeHeaders(source);
  if (source.tagCount === 0) return headers;
  const tags = await retry(() => getObjectTags(connection, objectRefOf(location), signal), REQUEST_RETRY, signal);
  return { ...headers, 'x-oss-tagging': taggingHeader(tags) };
}

/**
 * Keeps the object's own ACL, so that a private object in a public bucket stays private. Without permission to read the
 * ACL, the copy gets the bucket's.
 */
async function aclHeader(job: CopyJob, { signal }: UploadWatch): Promise<object> {
  const { connection, ...location } = job.source;
  try {
    const acl = await retry(() => getObjectAcl(connection, objectRefOf(location), signal), REQUEST_RETRY, signal);
    return acl === 'default' ? {} : { 'x-oss-object-acl': acl };
  } catch (error) {
    // Rewritten in place, an object must not become more public than it was.
    if (isDenied(toFailure(error)) && job.rewrite === undefined) return {};
    throw error;
  }
}
