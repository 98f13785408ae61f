import { z } from 'zod';
import { noteSchema, recipientSchema } from '../links/ledger/ledger-entry.ts';
import type { CdnCheck } from '../links/cdn/check-cdn-link.ts';
import { cdnDomainSchema } from '../links/cdn/cdn-auth.ts';
import type { StoredCdnDomain } from '../links/cdn/cdn-domains.ts';
import { cdnLinkFields } from '../links/cdn/cdn-link.ts';
import type { RecordedLink } from '../links/making/link-issuer.ts';
import type { LinkPlan } from '../links/making/link-plan.ts';
import type { PublicLink } from '../links/making/public-link.ts';
import { accountId, bucket, key } from './fields.ts';

export type { CdnCheck } from '../links/cdn/check-cdn-link.ts';
export type { CdnAuth } from '../links/cdn/cdn-auth.ts';
export type { StoredCdnDomain } from '../links/cdn/cdn-domains.ts';
export type { PublicLink } from '../links/making/public-link.ts';

const subject = { accountId, bucket };
const domain = z.string().max(300);
const link = { ...subject, domain, key, ...cdnLinkFields };

/** Arguments of the calls about links that OSS doesn't sign. */
export const cdnCalls = {
  'cdn.list': z.strictObject(subject),
  /** An empty key keeps the stored one. */
  'cdn.save': z.strictObject({ ...subject, settings: cdnDomainSchema, cdnKey: z.string().trim().max(64) }),
  'cdn.remove': z.strictObject({ ...subject, domain }),
  'cdn.plan': z.strictObject(link),
  'cdn.make': z.strictObject({ ...link, note: noteSchema, recipient: recipientSchema }),
  'cdn.test': z.strictObject(link),
  'links.public': z.strictObject({ ...subject, key, copies: z.boolean() }),
} satisfies Record<keyof CdnResults, z.ZodType>;

/** Results of the calls about links that OSS doesn't sign. */
export interface CdnResults {
  /** Returns the CDN domains of a bucket, without their keys. */
  'cdn.list': readonly StoredCdnDomain[];
  /** Adds a CDN domain, or changes it. Its key goes to the keychain. Returns the bucket's domains. */
  'cdn.save': readonly StoredCdnDomain[];
  /** Forgets a CDN domain and its key. Returns those that are left. */
  'cdn.remove': readonly StoredCdnDomain[];
  /** Returns what a link would be and all that is wrong with its options. Signs nothing. */
  'cdn.plan': LinkPlan;
  /** Creates a link of a CDN domain and records it. */
  'cdn.make': RecordedLink;
  /** Tries a link that isn't shown, and the bare address, with one byte each. Fails with `network`. */
  'cdn.test': CdnCheck;
  /** Tries the address of a file without a signature. `copies`: if everyone may read it, the address goes to the clipboard. */
  'links.public': PublicLink;
}
