import { type AccountSettings, type Exchange, bucketOf } from '../exchange.ts';
import { type Refusal, accessDenied } from '../protocol/refusal.ts';
import type { Bucket } from '../storage/bucket.ts';

/** What can open a bucket, or an object in it, to everyone. */
type Opening = 'bucket acl' | 'object acl' | 'bucket policy';

/** Whether Block Public Access is on, for the account or the bucket. */
export function isPublicBlocked(account: AccountSettings, bucket: Bucket | undefined): boolean {
  return account.publicAccess || bucket?.settings.blockPublicAccess === true;
}

/** Checks an ACL that a request sets. @throws Refusal if it is public and Block Public Access is on */
export function checkAcl(x: Exchange, acl: string, of: Opening): void {
  if (acl.startsWith('public-') && isPublicBlocked(x.restrictions, bucketOf(x))) throw publicRefused(of);
}

/** 403 `AccessDenied` under Block Public Access. Only the EC of an object's ACL is documented. */
export function publicRefused(opening: Opening): Refusal {
  return accessDenied(`Put public ${opening} is not allowed`, opening === 'object acl' ? '0016-00000901' : undefined);
}
