import { z } from 'zod';
import { formLimitFields } from '../links/forms/form-limits.ts';
import { noteSchema, recipientSchema } from '../links/ledger/ledger-entry.ts';
import type { LinkPlan } from '../links/making/link-plan.ts';
import type { LinkValidity } from '../links/making/validity.ts';
import type { CorsCheck } from '../links/pages/cors-check.ts';
import { storageClasses } from '../oss/operations/bucket-settings.ts';
import { accountId, bucket, key, prefix } from './fields.ts';

export type { CorsCheck } from '../links/pages/cors-check.ts';

/** Files are private: a page that was taken over can't ask for a form that publishes what comes. */
const { acl: _, ...limits } = formLimitFields;
const form = {
  ...{ accountId, bucket },
  ...limits,
  prefix,
  /** A session assumed for this form alone signs it (needs a role). */
  ownSession: z.boolean(),
};
const ticket = {
  ...{ accountId, bucket, key },
  /** The largest file that fits. Looser than what main accepts, so that main can explain what is wrong. */
  sizeBytes: z.number(),
  expiresSeconds: z.number(),
  /** A session assumed for this ticket alone signs it (needs a role). */
  ownSession: z.boolean(),
  upload: z
    .strictObject({
      contentType: z.string().max(4096),
      forbidOverwrite: z.boolean(),
      storageClass: z.enum(storageClasses),
      tags: z.record(z.string().max(256), z.string().max(1024)),
    })
    .partial(),
};
/** Uploads for large files on a page, sent in parts. Looser than what main accepts, so that main can explain. */
const large = z.strictObject({ count: z.number(), sizeBytes: z.number() });
/** What the ledger stores with what is created. The note is also shown to those who upload. */
const record = { note: noteSchema, recipient: recipientSchema };

/** `file` opens the system's save dialog. */
const to = z.enum(['file', 'clipboard']);

/** Arguments of the calls about files that others hand in on pages. */
export const requestCalls = {
  'forms.check': z.strictObject({ ...form, large }),
  'forms.make': z.strictObject({ ...form, ...record, large, format: z.enum(['page', 'json', 'curl']) }),
  /** Without a name, main explains that one is needed. */
  'tickets.check': z.strictObject({ ...ticket, key: prefix }),
  'tickets.make': z.strictObject({ ...ticket, ...record, to }),
  'cors.check': z.strictObject({ accountId, bucket }),
  'cors.add': z.strictObject({ accountId, bucket }),
  'cors.remove': z.strictObject({ accountId, bucket }),
} satisfies Record<keyof RequestResults, z.ZodType>;

/** Whether pages reach a bucket. */
export interface BucketAccess {
  readonly check: CorsCheck;
  /** Waybill's CORS rule, as XML. */
  readonly rule: string;
  /** Whether that rule is among the bucket's; null where the account may not read them. */
  readonly hasRule: boolean | null;
}

/** Results of the calls about files that others hand in on pages. */
export interface RequestResults {
  /** Returns when a form would expire, and all that is wrong with its limits. Signs and records nothing. */
  'forms.check': LinkPlan;
  /**
   * Creates and records a form. A page is saved in the system's save dialog, or null is returned if that was cancelled;
   * the other formats are put on the clipboard (`path` null).
   */
  'forms.make': (LinkValidity & { readonly path: string | null }) | null;
  /** Returns when a ticket would expire, and all that is wrong with it. Starts, signs and records nothing. */
  'tickets.check': LinkPlan;
  /** Starts an upload, records its ticket and saves it (`path` null: clipboard). Null if the dialog was cancelled. */
  'tickets.make': (LinkValidity & { readonly path: string | null }) | null;
  /** Asks a bucket as a page in a browser would. Stores nothing. */
  'cors.check': BucketAccess;
  /** Puts Waybill's CORS rule before the bucket's others, after a question of main's own, and checks again. */
  'cors.add': BucketAccess;
  /** Removes Waybill's CORS rule, likewise. */
  'cors.remove': BucketAccess;
}
