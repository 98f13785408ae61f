import { checkBucket } from '../../oss/names.ts';
import type { ObjectAcl } from '../../oss/operations/acl.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** Asks before an ACL opens a bucket, or files in it, to anyone. @throws WaybillError `cancelled` */
export type ConfirmPublic = (bucket: string, acl: ObjectAcl | null | undefined) => Promise<void>;

/** Creates the check of every ACL that the page sets. `private` passes without a question. */
export function confirmPublic(consent: Consent, text: Translate): ConfirmPublic {
  return async (bucket, acl) => {
    if (acl === null || acl === undefined || acl === 'private') return;
    // The name stands in the question.
    checkBucket(bucket);
    // A file that inherits is public where its bucket is.
    const isInherited = acl === 'default';
    await consent.require({
      message: text(`consent.${acl}`, { bucket }),
      detail: text(isInherited ? 'consent.default.detail' : 'bucket.acl.public'),
      proceed: text(isInherited ? 'common.continue' : 'properties.acl.make-public'),
    });
  };
}

/** The ACL that an upload through a link gives the file. Files inherit as those that Waybill uploads, without a question. */
export function aclOfLink(upload: { readonly acl?: ObjectAcl | undefined } | undefined): ObjectAcl | undefined {
  return upload?.acl === 'default' ? undefined : upload?.acl;
}

/** What the page may have changed in the CORS rules, the policy and the block of a bucket. */
type BucketChange =
  | `cors-${'add' | 'remove'}`
  | 'unblock'
  | 'end-page'
  | `revoke-${'link' | 'grant'}`
  | 'deny-object'
  | `restore-${'page' | 'link' | 'grant'}`;

/** Asks before a bucket's CORS rules, its policy or its block change. @throws WaybillError `cancelled` */
export type ConfirmBucketChange = (bucket: string, change: BucketChange) => Promise<void>;

/** Creates the check of every change to the CORS rules, the policy and the block of a bucket. */
export function confirmBucketChange(consent: Consent, text: Translate): ConfirmBucketChange {
  return async (bucket, change) => {
    checkBucket(bucket);
    await consent.require({
      message: text(`consent.${change}`, { bucket }),
      detail: text(`consent.${change}.detail`),
      proceed: text(`consent.${change}.do`),
    });
  };
}
