import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { ServerClock } from '../../oss/connection.ts';
import type { Environment } from '../environment.ts';
import type { AssumeRoleRequest } from '../sts/sts.ts';
import type { Session } from '../sts/credentials.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS, ROLE_ARN, SESSION_NAME } from '../sts/sts-limits.ts';

/**
 * Files of other programs that hold profiles, in the order in which a name is looked up: the aliyun CLI's
 * `~/.aliyun/config.json`, the SDKs' `~/.alibabacloud/credentials`, and ossutil's `~/.ossutilconfig`.
 */
export const profileFiles = ['aliyun', 'sdk', 'ossutil'] as const;
/** A file of another program that holds profiles. */
export type ProfileFile = (typeof profileFiles)[number];

/** Text on one line: settings hold no control characters. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text));

const profileSchema = z.strictObject({ file: z.enum(profileFiles), name: line(200) });
/** A profile by its name and its file: two files may have profiles of one name. */
export type ProfileRef = Readonly<z.infer<typeof profileSchema>>;

/** A role name as the metadata service's path takes it. @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createrole */
export const ROLE_NAME = /^[\w.-]{1,64}$/;
/** Such a role name. */
export const roleNameSchema = z.string().regex(ROLE_NAME);

/** A role that a token of an OIDC provider stands for, as RRSA sets it up in pods. */
export const oidcSchema = z.strictObject({
  providerArn: line(256),
  /** Read for each session: Kubernetes replaces it before it expires. */
  tokenFile: line(4096),
  roleArn: z.string().regex(ROLE_ARN),
  sessionName: z.string().regex(SESSION_NAME),
  durationSeconds: z.int().min(MIN_SESSION_SECONDS).max(MAX_SESSION_SECONDS),
  /** A session policy (JSON); null: the role's permissions. */
  policy: z.string().max(20_000).nullable(),
  /** Null: that of the context. */
  stsEndpoint: line(300).nullable(),
});

/** Where credentials come from, as it may be stored: nothing in it is secret. */
export const storedSourceSchema = z.discriminatedUnion('kind', [
  /** The variables of the process. */
  z.strictObject({ kind: z.literal('env') }),
  /** A profile of another program, read again when its file changes. */
  z.strictObject({ kind: z.literal('profile'), profile: profileSchema }),
  /** The RAM role of an ECS instance; `roleName` null: whichever it has. */
  z.strictObject({ kind: z.literal('ecs'), roleName: roleNameSchema.nullable() }),
  /** AssumeRoleWithOIDC. `role` null: as the variables of the process say. */
  z.strictObject({ kind: z.literal('oidc'), role: oidcSchema.nullable() }),
  /** A service that hands out credentials; null: ALIBABA_CLOUD_CREDENTIALS_URI. */
  z.strictObject({ kind: z.literal('uri'), uri: line(2000).nullable() }),
  /** A program and its arguments, run without a shell. */
  z.strictObject({ kind: z.literal('process'), command: z.array(line(4096)).min(1).max(64).readonly() }),
  /** A profile of the aliyun CLI that is signed in to CloudSSO; null: the current one, or else the first. */
  z.strictObject({ kind: z.literal('cloudsso'), profile: line(200).nullable() }),
]);
/** Where credentials come from, as it may be stored. */
export type StoredSource = Readonly<z.infer<typeof storedSourceSchema>>;

/** A role to assume, with all that AssumeRole takes. Null: left out. */
export interface SourceRole extends Pick<AssumeRoleRequest, 'roleArn' | 'sessionName' | 'durationSeconds'> {
  readonly externalId: string | null;
  readonly sourceIdentity: string | null;
  /** A session policy (JSON). */
  readonly policy: string | null;
  /** Null: that of the context. */
  readonly stsEndpoint: string | null;
}

/** Where credentials come from. */
export type CredentialSource =
  | StoredSource
  /** The first that is set up, see defaultChain(). */
  | { readonly kind: 'chain' }
  /** A role, assumed with the credentials of another source. */
  | { readonly kind: 'role'; readonly base: CredentialSource; readonly role: SourceRole };

/** What sources are resolved with. */
export interface SourceContext {
  /** Sends requests to STS, CloudSSO and https services. Plain HTTP, and so the metadata service, is never proxied. */
  readonly dispatcher: Dispatcher;
  readonly clock: ServerClock;
  readonly environment: Environment;
  /** The folder that `~` stands for. */
  readonly home: string;
  /** Whether no source may be used: anyone who unlocks Waybill without its passphrase gets nobody's credentials. */
  readonly areSourcesOff?: (() => boolean) | undefined;
  /** The STS endpoint for sources that name none, such as the one for the region of OSS; null: https://sts.aliyuncs.com. */
  readonly stsEndpoint: string | null;
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** Credentials of a source. `source` is the one that they come from, where a chain was asked for. */
export interface SourceSession extends Session {
  readonly source: Exclude<CredentialSource, { readonly kind: 'chain' }>;
}
