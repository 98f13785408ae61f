import { expect, test } from 'vitest';
import { failureOfRequest, readOssError } from '../../../../main/oss/exchange/errors.ts';
import { ramActionOf } from '../../../../main/oss/exchange/ram-action.ts';

const bucket = 'b';
const key = 'k';

test.each([
  [{ method: 'GET' }, 'oss:ListBuckets'],
  [{ method: 'GET', params: { publicAccessBlock: null } }, 'oss:GetPublicAccessBlock'],
  [{ method: 'GET', bucket }, 'oss:ListObjects'],
  [{ method: 'GET', bucket, params: { publicAccessBlock: null } }, 'oss:GetBucketPublicAccessBlock'],
  [{ method: 'GET', bucket, params: { policyStatus: null } }, 'oss:GetBucketPolicyStatus'],
  [{ method: 'PUT', bucket }, 'oss:PutBucket'],
  [{ method: 'DELETE', bucket }, 'oss:DeleteBucket'],
  [{ method: 'PUT', bucket, params: { versioning: null } }, 'oss:PutBucketVersioning'],
  [{ method: 'GET', bucket, params: { versions: null } }, 'oss:ListObjectVersions'],
  [{ method: 'GET', bucket, params: { uploads: null } }, 'oss:ListMultipartUploads'],
  [{ method: 'POST', bucket, params: { delete: null } }, 'oss:DeleteObject'],
  [{ method: 'HEAD', bucket, key }, 'oss:GetObject'],
  [{ method: 'GET', bucket, key, params: { versionId: 'v' } }, 'oss:GetObjectVersion'],
  [{ method: 'PUT', bucket, key }, 'oss:PutObject'],
  [{ method: 'POST', bucket, key, params: { uploads: null } }, 'oss:PutObject'],
  [{ method: 'PUT', bucket, key, params: { tagging: null } }, 'oss:PutObjectTagging'],
  [{ method: 'GET', bucket, key, params: { acl: null } }, 'oss:GetObjectAcl'],
  [{ method: 'DELETE', bucket, key, params: { uploadId: 'u' } }, 'oss:AbortMultipartUpload'],
  [{ method: 'DELETE', bucket, key, params: { versionId: 'v' } }, 'oss:DeleteObjectVersion'],
  [{ method: 'POST', bucket, key, params: { restore: null } }, 'oss:RestoreObject'],
  [{ method: 'POST', bucket, key, params: { restore: null, versionId: 'v' } }, 'oss:RestoreObjectVersion'],
  [{ method: 'GET', bucket, key, params: { tagging: null, versionId: 'v' } }, 'oss:GetObjectVersionTagging'],
  [{ method: 'PUT', bucket, key, params: { acl: null, versionId: 'v' } }, 'oss:PutObjectVersionAcl'],
  [{ method: 'PUT', bucket, key, params: { symlink: null } }, 'oss:PutObject'],
])('%j needs %s', (request, action) => {
  expect(ramActionOf(request)).toBe(action);
});

test('a refusal names the right that OSS names, else the one that the request needs', () => {
  const body = (more: string) => `<Error><Code>AccessDenied</Code><Message>m</Message>${more}</Error>`;
  const by = { through: 'account', isTokenMissing: false } as const;
  const denied = (more: string) => readOssError({ status: 403, headers: {}, body: body(more) });
  expect(failureOfRequest(denied(''), by, 'oss:PutObject')).toMatchObject({
    cause: 'denied-by-policy',
    needs: 'oss:PutObject',
  });
  const detail = (type: string) =>
    `<AccessDeniedDetail><NoPermissionType>${type}</NoPermissionType><AuthAction>oss:PutObjectAcl</AuthAction></AccessDeniedDetail>`;
  const named = failureOfRequest(denied(detail('ImplicitDeny')), by, 'oss:PutObject');
  expect(named).toMatchObject({ action: 'oss:PutObjectAcl' });
  // Another Allow doesn't help against a Deny.
  const refused = failureOfRequest(denied(detail('ExplicitDeny')), by, 'oss:PutObject');
  expect(refused).not.toHaveProperty('action');
  expect(refused).toMatchObject({ needs: 'oss:PutObject' });
});
