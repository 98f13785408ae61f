import { z } from 'zod';
import { compactPolicy } from './session-policy.ts';
import { MAX_POLICY_CHARACTERS } from './sts-limits.ts';

/** What a grant may allow. */
export const permissions = ['read', 'write', 'list', 'delete'] as const;
/** One right of a grant. */
export type Permission = (typeof permissions)[number];

/** An IPv4 or IPv6 address, or a range of them. */
export const sourceIpSchema = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()]);

/** What somebody is let into: objects by key, and all below prefixes. A prefix of '' is the whole bucket. */
export const scopeSchema = z.strictObject({
  bucket: z.string().min(3).max(63),
  keys: z.array(z.string().min(1).max(1023)).max(1000),
  prefixes: z.array(z.string().max(1023)).max(1000),
  allow: z.array(z.enum(permissions)).min(1),
  /** Where requests must come from; null: anywhere. */
  sourceIp: sourceIpSchema.nullable(),
});
/** What somebody is let into. */
export type Scope = Readonly<z.infer<typeof scopeSchema>>;

/** One statement of a policy that this file writes. */
interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * The actions behind each right on an object. Uploads of parts need the two beside PutObject to go on and to clean up.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-ram-policy
 */
const objectActions: Readonly<Record<Exclude<Permission, 'list'>, readonly string[]>> = {
  read: ['oss:GetObject'],
  write: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
  delete: ['oss:DeleteObject'],
};

/** The smallest policy that lets do what `scope` names, laid out for reading. */
export function scopePolicy(scope: Scope): string {
  const condition = scope.sourceIp === null ? {} : { IpAddress: { 'acs:SourceIp': [scope.sourceIp] } };
  const actions = [...new Set(scope.allow)].flatMap((right) => (right === 'list' ? [] : objectActions[right]));
  const statements = [
    ...(actions.length === 0 ? [] : [statement(actions, objectResources(scope), condition)]),
    ...(scope.allow.includes('list') ? [listStatement(scope, condition)] : []),
  ];
  return laidOut(statements);
}

/** The smallest policy for one signed URL: its method on its object, a version of it if it has one. */
export function linkPolicy(link: {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}): string {
  const resource = [resourceOf(link.bucket, literal(link.key))];
  return laidOut([statement([linkAction(link.method, link.versionId !== null)], resource, {})]);
}

/**
 * The smallest policy for the signed URLs of many objects. Where naming them all is too long, it lets into `folder`, which
 * holds them. `pinned`: the URLs may name versions.
 */
export function batchPolicy(batch: {
  readonly method: string;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly folder: string;
  readonly pinned: boolean;
}): string {
  const { method, bucket, keys, prefixes, folder } = batch;
  const actions = [...new Set([linkAction(method, false), linkAction(method, batch.pinned)])];
  const named = objectResources({ bucket, keys, prefixes });
  const policy = laidOut([statement(actions, named, {})]);
  if (JSON.stringify(JSON.parse(policy)).length <= MAX_POLICY_CHARACTERS) return policy;
  return laidOut([statement(actions, objectResources({ bucket, keys: [], prefixes: [folder] }), {})]);
}

/** A policy that takes away what a link allows, for the role or user behind it. */
export function denyPolicy(link: Parameters<typeof linkPolicy>[0]): string {
  const actions = [linkAction(link.method, false), ...(link.versionId === null ? [] : [linkAction(link.method, true)])];
  return laidOut([{ Effect: 'Deny', Action: actions, Resource: [resourceOf(link.bucket, literal(link.key))] }]);
}

/** Whether a name has `*` or `?`, which policies cannot take literally, so that more is let in than was named. */
export function isWidened({ keys, prefixes }: Pick<Scope, 'keys' | 'prefixes'>): boolean {
  return [...keys, ...prefixes].some((name) => /[*?]/.test(name));
}

/** The length of a policy as AssumeRole counts it. @throws WaybillError `input` for what is none */
export function policyCharacters(text: string): number {
  return compactPolicy(text).length;
}

function linkAction(method: string, ofVersion: boolean): string {
  const base = method === 'PUT' ? 'oss:PutObject' : method === 'DELETE' ? 'oss:DeleteObject' : 'oss:GetObject';
  return ofVersion && method !== 'PUT' ? `${base}Version` : base;
}

function listStatement({ bucket, keys, prefixes }: Scope, condition: Statement['Condition']): Statement {
  // Without a prefix a listing shows the whole bucket, which is what an empty one stands for.
  if (prefixes.includes('')) return statement(['oss:ListObjects'], [resourceOf(bucket, null)], condition);
  const patterns = [...keys.map(literal), ...prefixes.map((prefix) => `${literal(prefix)}*`)];
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
  return [...keys.map(literal), ...prefixes.map((prefix) => `${literal(prefix)}*`)].map((name) =>
    resourceOf(bucket, name),
  );
}

function resourceOf(bucket: string, name: string | null): string {
  return `acs:oss:*:*:${bucket}${name === null ? '' : `/${name}`}`;
}

/** There is no way to write `*` as itself: `?` stands for exactly one character, which comes closest. */
function literal(name: string): string {
  return name.replaceAll('*', '?');
}

function laidOut(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '1', Statement: statements }, null, 2);
}
