import type { ObjectAcl } from '../../oss/operations/acl.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** Asks before an ACL opens a bucket, or files in it, to anyone. @throws WaybillError `cancelled` */
export type ConfirmPublic = (bucket: string, acl: ObjectAcl | null | undefined) => Promise<void>;

/** Creates the check of every ACL that the page sets. Those that open nothing pass without a question. */
export function confirmPublic(consent: Consent, text: Translate): ConfirmPublic {
  return async (bucket, acl) => {
    if (acl !== 'public-read' && acl !== 'public-read-write') return;
    const message = text(`consent.${acl}`, { bucket });
    await consent.require({ message, detail: text('bucket.acl.public'), proceed: text('properties.acl.make-public') });
  };
}
