import { z } from 'zod';
import { newAccessSchema } from '../policies/give-access.ts';
import type { Exposure, ObjectAccess } from '../policies/exposure.ts';
import type { AccessReport } from '../policies/read-access.ts';
import { accountId, bucket, key, prefix, versionId } from './fields.ts';

export type { AccessRule } from '../policies/access-rule.ts';
export type { ObjectAccess, Opening } from '../policies/exposure.ts';
export type { NewAccess } from '../policies/give-access.ts';
export type { Principal } from '../policies/principal.ts';
export type { AccessReport } from '../policies/read-access.ts';
export type { TakenAway } from '../policies/take-access.ts';

const place = { accountId, bucket, prefix };
const taken = z.strictObject({ id: z.string().max(64), principal: z.string().max(4095).nullable() });

/** Arguments of the calls about who has access to a bucket: by its policy, and without a signature. */
export const policyCalls = {
  'access.read': z.strictObject(place),
  'access.plan': z.strictObject({ ...place, wanted: newAccessSchema }),
  'access.give': z.strictObject({ ...place, wanted: newAccessSchema }),
  'access.take': z.strictObject({ ...place, taken: z.array(taken).min(1).max(1000) }),
  'access.exposures': z.strictObject({ accountId, buckets: z.array(bucket).min(1).max(100) }),
  'access.ofObject': z.strictObject({ accountId, bucket, key, versionId: versionId.nullable() }),
} satisfies Record<keyof PolicyResults, z.ZodType>;

/** Results of the calls about who has access to a bucket. */
export interface PolicyResults {
  /** Returns the rules about a bucket or what is below a prefix, its ACL, and whether public access is blocked. */
  'access.read': AccessReport;
  /** Returns the statements that would give access, as JSON, and whether OSS counts them as public. Sends nothing. */
  'access.plan': { readonly text: string; readonly isPublic: boolean };
  /** Adds them to the policy, after a question of main's own. Fails with `input` where OSS would refuse them. */
  'access.give': AccessReport;
  /** Takes rules, or principals in them, out of the policy, after a question of main's own. */
  'access.take': AccessReport;
  /** Returns how far buckets are open to everyone, at two requests a bucket at most; `unknown` for what can't be asked. */
  'access.exposures': readonly Exposure[];
  /** Returns an object's own ACL, and whether something overrules a public one. */
  'access.ofObject': ObjectAccess;
}
