import { z } from 'zod';
import { isSessionPolicy } from './sts/session-policy.ts';
import { EXTERNAL_ID, MAX_SESSION_SECONDS, MIN_SESSION_SECONDS, ROLE_ARN, SESSION_NAME } from './sts/sts-limits.ts';

/** The dot that stands for an account wherever its key signs. */
export const accountColours = ['blue', 'teal', 'green', 'amber', 'orange', 'red', 'pink', 'violet'] as const;
/** One of the colours of the account's dot. */
export type AccountColour = (typeof accountColours)[number];

/** Whether secrets can be kept: `absent` and `locked` mean they live for this run only. */
export type KeychainStatus = 'available' | 'absent' | 'locked';

const startPath = z.strictObject({ bucket: z.string().min(3).max(63), prefix: z.string().max(1023) });
const role = z.strictObject({
  roleArn: z.string().regex(ROLE_ARN),
  sessionName: z.string().regex(SESSION_NAME),
  durationSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_SESSION_SECONDS),
  /** What the role's trust policy asks of a third party. */
  externalId: z.string().regex(EXTERNAL_ID).nullable().optional(),
  /** JSON that narrows what the sessions may do. */
  sessionPolicy: z.string().refine(isSessionPolicy, 'session-policy').nullable().optional(),
});

const publicFields = {
  name: z.string().trim().min(1).max(80),
  colour: z.enum(accountColours),
  accessKeyId: z.string().trim().min(1).max(128),
  /** As the person typed it: a URL or a host; a custom domain when `cname`. */
  endpoint: z.string().trim().min(1).max(300),
  /** Plain region ID, such as cn-hangzhou. */
  region: z.string().trim().min(1).max(64),
  cname: z.boolean(),
  signVersion: z.enum(['v4', 'v1']),
  /** Where browsing starts for keys that may not list buckets. */
  startPath: startPath.nullable(),
  /** Assumed with the AccessKey; the session's credentials then do all the work. */
  role: role.nullable(),
  stsEndpoint: z.string().trim().max(300).nullable(),
  defaultExpirySeconds: z.int().min(1).max(630_720_000),
  /** Unix milliseconds at which a pasted security token ends, if the person knows it. */
  tokenValidUntil: z.int().positive().nullable(),
};

/** What the account form sends. An empty secret in an update keeps the one that is stored. */
export const accountDraftSchema = z.strictObject({
  ...publicFields,
  accessKeySecret: z.string().trim().max(256),
  securityToken: z.string().trim().max(8192).nullable(),
  /** Keep the secret in the OS keychain; otherwise the account lives for this run only. */
  remember: z.boolean(),
});
/** An account as the form sends it, its secrets included: it never goes back to the renderer. */
export type AccountDraft = z.infer<typeof accountDraftSchema>;

/** An account as it is stored and shown. It holds no secret. */
export const accountSchema = z.object({
  ...publicFields,
  id: z.uuid(),
  origin: z.enum(['saved', 'this-run', 'environment', 'practice']),
  /** True when a security token belongs to the AccessKey pair. */
  temporary: z.boolean(),
});
/** One account. It holds no secret. */
export type Account = Readonly<z.infer<typeof accountSchema>>;

/** Credentials found in the environment: shown as an offer, never saved. */
export interface EnvironmentAccount {
  readonly accessKeyId: string;
  readonly temporary: boolean;
  readonly endpoint: string | null;
  readonly region: string | null;
}
