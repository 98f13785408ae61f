import { z } from 'zod';
import { own } from '../../own.ts';
import { compactPolicy } from './session-policy.ts';
import { MAX_POLICY_CHARACTERS } from './sts-limits.ts';

/** The permissions that a grant may include. */
export const permissions = ['read', 'write', 'list', 'delete', 'acl'] as const;
/** One permission of a grant. */
export type Permission = (typeof permissions)[number];

/** An IPv4 or IPv6 address, or a CIDR range. */
export const sourceIpSchema = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()]);

/** What a grant covers: objects by key, and everything under prefixes. A prefix of '' is the whole bucket. */
export const scopeSchema = z.strictObject({
  bucket: z.string().min(3).max(63),
  keys: z.array(z.string().min(1).max(1023)).max(1000),
  prefixes: z.array(z.string().max(1023)).max(1000),
  allow: z.array(z.enum(permissions)).min(1),
  /** The address that requests must come from; null: any. */
  sourceIp: sourceIpSchema.nullable(),
});
/** What a grant covers. */
export type Scope = Readonly<z.infer<typeof scopeSchema>>;

/** A policy statement. */
interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * RAM actions per permission. Besides PutObject, multipart uploads need ListParts to resume and AbortMultipartUpload to
 * clean up, and a copy takes its tags along. ACLs have a permission of their own: they can make a file public.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-ram-policy
 */
const objectActions: Readonly<Record<Exclude<Permission, 'list'>, readonly string[]>> = {
  read: ['oss:GetObject'],
  write: [
    ...['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
    ...['oss:GetObjectTagging', 'oss:PutObjectTagging', 'oss:DeleteObjectTagging'],
    ...['oss:GetObjectVersionTagging', 'oss:PutObjectVersionTagging', 'oss:DeleteObjectVersionTagging'],
  ],
  delete: ['oss:DeleteObject'],
  acl: ['oss:GetObjectAcl', 'oss:PutObjectAcl', 'oss:GetObjectVersionAcl', 'oss:PutObjectVersionAcl'],
};

/** Headers of an upload that OSS checks an action of their own for. */
const headerActions: Readonly<Record<string, string>> = {
  'x-oss-tagging': 'oss:PutObjectTagging',
  'x-oss-object-acl': 'oss:PutObjectAcl',
};

/** The least policy that allows what `scope` describes, indented for reading. */
export function scopePolicy(scope: Scope): string {
  const condition = scope.sourceIp === null ? {} : { IpAddress: { 'acs:SourceIp': [scope.sourceIp] } };
  const actions = [...new Set(scope.allow)].flatMap((name) => (name === 'list' ? [] : objectActions[name]));
  // Restoring an earlier version copies it over the current one.
  if (scope.allow.includes('read') && scope.allow.includes('write')) actions.push('oss:GetObjectVersion');
  const statements = [
    ...(actions.length === 0 ? [] : [statement(actions, objectResources(scope), condition)]),
    ...(scope.allow.includes('list') ? [listStatement(scope, condition)] : []),
  ];
  return formatPolicy(statements);
}

/** One signed URL: its method, its object or a version of it, and the headers that its signature binds. */
interface SignedAccess {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The least policy for one signed URL: what its method and its headers need, on its object or the version it names.
 * `isProbed`: the session also signs a HEAD link to the object.
 */
export function linkPolicy(link: SignedAccess, { isProbed = false } = {}): string {
  const resource = [resourceOf(link.bucket, literalPattern(link.key))];
  const action = linkAction(link.method, link.versionId !== null);
  const actions = [
    action,
    ...(isProbed ? probeActions([action], link.versionId !== null) : []),
    ...boundActions(link.headers),
  ];
  return formatPolicy([statement(actions, resource, {})]);
}

/** The least policy for the URLs of an upload ticket. What starts and aborts the upload is signed by somebody else. */
export function ticketPolicy({ bucket, key }: Pick<SignedAccess, 'bucket' | 'key'>): string {
  return formatPolicy([statement(['oss:PutObject', 'oss:ListParts'], [resourceOf(bucket, literalPattern(key))], {})]);
}

/**
 * The least policy for the signed URLs of many objects. If listing them exceeds the size limit, it covers `folder`,
 * which contains them all. `pinned`: the URLs may name versions. `isProbed`: as for linkPolicy().
 */
export function batchPolicy(batch: {
  readonly method: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly folder: string;
  readonly pinned: boolean;
  readonly headers: SignedAccess['headers'];
  readonly isProbed?: boolean;
}): string {
  const { method, bucket, keys, prefixes, folder, isProbed = false } = batch;
  const linked = [...new Set([linkAction(method, false), linkAction(method, batch.pinned)])];
  const actions = [...linked, ...(isProbed ? probeActions(linked, batch.pinned) : []), ...boundActions(batch.headers)];
  const named = objectResources({ bucket, keys, prefixes });
  const policy = formatPolicy([statement(actions, named, {})]);
  if (JSON.stringify(JSON.parse(policy)).length <= MAX_POLICY_CHARACTERS) return policy;
  return formatPolicy([statement(actions, objectResources({ bucket, keys: [], prefixes: [folder] }), {})]);
}

/** A policy that denies what a link allows, to be attached to the role or user that signed it. */
export function denyPolicy(link: Omit<SignedAccess, 'headers'>): string {
  const actions = [linkAction(link.method, false), ...(link.versionId === null ? [] : [linkAction(link.method, true)])];
  return formatPolicy([
    { Effect: 'Deny', Action: actions, Resource: [resourceOf(link.bucket, literalPattern(link.key))] },
  ]);
}

/** A policy that denies uploads to objects by key, and to everything under prefixes. */
export function denyUploadsPolicy(places: Parameters<typeof objectResources>[0]): string {
  return formatPolicy([{ Effect: 'Deny', Action: ['oss:PutObject'], Resource: objectResources(places) }]);
}

/** Whether a name contains `*` or `?`. Policies can't match those literally, so they allow more than was named. */
export function isWidened({ keys, prefixes }: Pick<Scope, 'keys' | 'prefixes'>): boolean {
  return [...keys, ...prefixes].some((name) => /[*?]/.test(name));
}

/**
 * Whether a policy that denies uploads under these names would stop every upload of an AccessKey to the bucket: one of them
 * is empty, or made of wildcards alone. A session ends by itself, with what it signed.
 */
export function deniesWholeBucket(names: readonly string[], accessKeyId: string): boolean {
  return !accessKeyId.startsWith('STS.') && names.some((name) => /^[*?]*$/.test(name));
}

/** The length of a policy as AssumeRole counts it. @throws WaybillError `input` for an invalid policy */
export function policyCharacters(text: string): number {
  return compactPolicy(text).length;
}

function linkAction(method: string, ofVersion: boolean): string {
  const base = method === 'PUT' ? 'oss:PutObject' : method === 'DELETE' ? 'oss:DeleteObject' : 'oss:GetObject';
  return ofVersion && method !== 'PUT' ? `${base}Version` : base;
}

/** What HEAD needs besides: nothing for links that read. */
function probeActions(actions: readonly string[], ofVersion: boolean): readonly string[] {
  const action = linkAction('HEAD', ofVersion);
  return actions.includes(action) ? [] : [action];
}

function boundActions(headers: SignedAccess['headers']): readonly string[] {
  return Object.keys(headers).flatMap((name) => own(headerActions, name.toLowerCase()) ?? []);
}

function listStatement({ bucket, keys, prefixes }: Scope, condition: Statement['Condition']): Statement {
  // The empty prefix allows listing the whole bucket, so no condition on prefixes is needed.
  if (prefixes.includes('')) return statement(['oss:ListObjects'], [resourceOf(bucket, null)], condition);
  const patterns = [...keys.map(literalPattern), ...prefixes.map((prefix) => `${literalPattern(prefix)}*`)];
  return statement(['oss:ListObjects'], [resourceOf(bucket, null)], {
    StringLike: { 'oss:Prefix': patterns },
    ...condition,
  });
}

function statement(
  actions: readonly string[],
  resources: readonly string[],
  condition: Statement['Condition'],
): Statement {
  const hasCondition = condition !== undefined && Object.keys(condition).length > 0;
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(hasCondition ? { Condition: condition } : {}),
  };
}

function objectResources({
  bucket,
  keys,
  prefixes,
}: Pick<Scope, 'bucket'> & {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}): readonly string[] {
  return [...keys.map(literalPattern), ...prefixes.map((prefix) => `${literalPattern(prefix)}*`)].map((name) =>
    resourceOf(bucket, name),
  );
}

/** The ARN of a bucket (null), or of the objects whose keys match a pattern. */
export function resourceOf(bucket: string, name: string | null): string {
  return `acs:oss:*:*:${bucket}${name === null ? '' : `/${name}`}`;
}

/** Policies have no escape for `*`; `?`, which matches exactly one character, comes closest. */
export function literalPattern(name: string): string {
  return name.replaceAll('*', '?');
}

function formatPolicy(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '1', Statement: statements }, null, 2);
}
