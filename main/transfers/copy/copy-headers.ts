import { toFailure } from '../../failure.ts';
import { getObjectAcl } from '../../oss/operations/acl.ts';
import { attributeHeaders, type ObjectHead } from '../../oss/operations/object-headers.ts';
import { getObjectTags, taggingHeader } from '../../oss/operations/tags.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { FORBID_OVERWRITE } from '../stored-object.ts';
import type { UploadWatch } from '../upload/upload-job.ts';
import { type CopyJob, objectRefOf } from './copy-job.ts';

/** What the copy is to have beside its bytes, as far as OSS does not take it over by itself; null: nobody may read it. */
export async function headersOf(
  job: CopyJob,
  source: ObjectHead | null,
  { isWhole, watch }: { readonly isWhole: boolean; readonly watch: UploadWatch },
): Promise<Record<string, string>> {
  const isRewrite = job.rewrite !== undefined;
  const bringsAll = !isWhole || isRewrite || job.through === 'machine';
  const own = {
    ...(job.existing === 'keep' ? FORBID_OVERWRITE : {}),
    ...(job.move || isRewrite ? await aclHeader(job, watch) : {}),
  };
  if (source === null) return own;
  const like = job.rewrite?.(source) ?? source;
  return {
    ...own,
    ...(like.storageClass === '' ? {} : { 'x-oss-storage-class': like.storageClass }),
    ...(isRewrite ? inPlace(source, isWhole) : {}),
    ...(bringsAll ? await describe(job, like, watch) : {}),
  };
}

/** Onto itself a copy loses what the request does not bring: it brings all, and says so. */
function inPlace({ encryption }: ObjectHead, isWhole: boolean): Record<string, string> {
  const replace = { 'x-oss-metadata-directive': 'REPLACE', 'x-oss-tagging-directive': 'REPLACE' };
  return { ...encryption, ...(isWhole ? replace : {}) };
}

/** The headers that CopyObject would take over by itself. */
async function describe(
  { source: { connection, ...place } }: CopyJob,
  source: ObjectHead,
  { signal }: UploadWatch,
): Promise<Record<string, string>> {
  const headers = attributeHeaders(source);
  if (source.tagCount === 0) return headers;
  const tags = await retry(() => getObjectTags(connection, objectRefOf(place), signal), REQUEST_RETRY, signal);
  return { ...headers, 'x-oss-tagging': taggingHeader(tags) };
}

/** What was private in a public bucket must not become public by a new name. Who may not read the ACL, may not keep it. */
async function aclHeader(job: CopyJob, { signal }: UploadWatch): Promise<object> {
  const { connection, ...place } = job.source;
  try {
    const acl = await retry(() => getObjectAcl(connection, objectRefOf(place), signal), REQUEST_RETRY, signal);
    return acl === 'default' ? {} : { 'x-oss-object-acl': acl };
  } catch (error) {
    const failure = toFailure(error);
    const isDenied = failure.kind === 'credentials' && failure.reason === 'denied';
    // In its own place an object must not become more public than it was.
    if (isDenied && job.rewrite === undefined) return {};
    throw error;
  }
}
