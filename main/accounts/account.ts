import { z } from 'zod';
import { storedSourceSchema } from './sources/source.ts';
import { isSessionPolicy } from './sts/session-policy.ts';
import {
  EXTERNAL_ID,
  MAX_SESSION_SECONDS,
  MIN_SESSION_SECONDS,
  ROLE_ARN,
  SESSION_NAME,
  SOURCE_IDENTITY,
} from './sts/sts-limits.ts';

/** Colours of the dot that marks an account wherever its key signs. */
export const accountColours = ['blue', 'teal', 'green', 'amber', 'orange', 'red', 'pink', 'violet'] as const;
/** The colour of an account's dot. */
export type AccountColour = (typeof accountColours)[number];

/** Whether secrets can be stored; if `absent` or `locked`, new ones last only until Waybill quits. */
export type KeychainStatus = 'available' | 'absent' | 'locked';

const startPath = z.strictObject({ bucket: z.string().min(3).max(63), prefix: z.string().max(1023) });
const role = z.strictObject({
  roleArn: z.string().regex(ROLE_ARN),
  sessionName: z.string().regex(SESSION_NAME),
  durationSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_SESSION_SECONDS),
  /** The external ID that the role's trust policy requires of third parties. */
  externalId: z.string().regex(EXTERNAL_ID).nullable().optional(),
  /** A session policy (JSON), which narrows what sessions may do. */
  sessionPolicy: z.string().refine(isSessionPolicy, 'session-policy').nullable().optional(),
  /** Who is behind the sessions, in the audit log; sessions assumed with these keep it. */
  sourceIdentity: z.string().regex(SOURCE_IDENTITY).nullable().optional(),
});

const commonFields = {
  name: z.string().trim().min(1).max(80),
  colour: z.enum(accountColours),
  /** As the user typed it: a URL or a host; a custom domain if `cname`. */
  endpoint: z.string().trim().min(1).max(300),
  /** Region ID without `oss-`, such as cn-hangzhou. */
  region: z.string().trim().min(1).max(64),
  cname: z.boolean(),
  signVersion: z.enum(['v4', 'v1']),
  /** Where browsing starts; for keys that can't list buckets. */
  startPath: startPath.nullable(),
  /** Assumed with the account's own credentials; all requests then use the session's. */
  role: role.nullable(),
  stsEndpoint: z.string().trim().max(300).nullable(),
  defaultExpirySeconds: z.int().min(1).max(630_720_000),
};

/** What only an account with an AccessKey of its own has. */
const keyFields = {
  kind: z.literal('key'),
  accessKeyId: z.string().trim().min(1).max(128),
  /** When a pasted security token expires, in Unix milliseconds, if known. */
  tokenValidUntil: z.int().positive().nullable(),
};

/** What only an account whose credentials come from elsewhere has. */
const sourcedFields = { kind: z.literal('sourced'), source: storedSourceSchema };

const draftFields = {
  ...commonFields,
  /** Empty: the one in the endpoint's host name. */
  region: z.string().trim().max(64),
  /** Save the account, with its secret in the OS keychain; otherwise it is gone when Waybill quits. */
  remember: z.boolean(),
};
const keyDraftSchema = z.strictObject({
  ...draftFields,
  ...keyFields,
  accessKeySecret: z.string().trim().max(256),
  securityToken: z.string().trim().max(8192).nullable(),
});

/** Input of the account form. In an update, an empty secret keeps the stored one. */
export const accountDraftSchema = z.discriminatedUnion('kind', [
  keyDraftSchema,
  z.strictObject({ ...draftFields, ...sourcedFields }),
]);
/** An account with its secrets, as the form sends it. Never sent back to the renderer. */
export type AccountDraft = z.infer<typeof accountDraftSchema>;
/** The draft of an account with an AccessKey of its own. */
export type KeyDraft = z.infer<typeof keyDraftSchema>;

/** How the objects of a bucket are reached, if not simply on OSS's own host. */
export const bucketWaySchema = z.object({
  /** The custom domain that data calls use, such as `https://files.example.com`; null for OSS's own host. */
  domain: z.string().max(300).nullable(),
  /** The bucket's region ID. */
  region: z.string().max(64),
  /** OSS has refused data calls on its own public host. */
  isHostRefused: z.boolean(),
  /** When OSS last listed `domain`, or didn't say, in Unix milliseconds; missing in what older versions kept. */
  checkedAt: z.number().optional(),
});
/** How the objects of a bucket are reached, if not simply on OSS's own host. */
export type BucketWay = Readonly<z.infer<typeof bucketWaySchema>>;

const accountFields = {
  ...commonFields,
  id: z.uuid(),
  origin: z.enum(['saved', 'this-run', 'environment', 'practice']),
  /** How the objects of buckets are reached, by the bucket's name; only those that aren't simply on OSS's own host. */
  ways: z.record(z.string(), bucketWaySchema).optional(),
};
const keyAccountSchema = z.object({
  ...accountFields,
  ...keyFields,
  /** The AccessKey pair comes with a security token. */
  temporary: z.boolean(),
});
const kinds = z.discriminatedUnion('kind', [keyAccountSchema, z.object({ ...accountFields, ...sourcedFields })]);

/** An account as stored and shown, without secrets. Those of older versions have an AccessKey and no kind. */
export const accountSchema = z.preprocess(
  (stored) =>
    typeof stored === 'object' && stored !== null && !('kind' in stored) ? { ...stored, kind: 'key' } : stored,
  kinds,
);
/** An account, without secrets. */
export type Account = Readonly<z.infer<typeof kinds>>;
/** An account with an AccessKey of its own. */
export type KeyAccount = Extract<Account, { readonly kind: 'key' }>;

/** Credentials found in the environment, without secrets: offered to the user, never saved. */
export interface EnvironmentAccount {
  readonly accessKeyId: string;
  readonly temporary: boolean;
  readonly endpoint: string | null;
  readonly region: string | null;
}
