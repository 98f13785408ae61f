import { BlockList, isIP, isIPv4 } from 'node:net';
import { own } from '../../own.ts';
import { matches } from '../protocol/wildcard.ts';

/** One statement of a RAM policy. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * A RAM policy, or the session policy of AssumeRole.
 * @see https://www.alibabacloud.com/help/en/ram/user-guide/policy-structure-and-syntax
 */
export interface PolicyDocument {
  readonly Version: '1';
  readonly Statement: readonly PolicyStatement[];
}

/** A permission that a request requires. */
export interface Permission {
  /** For example `oss:GetObject`. */
  readonly action: string;
  /** `*`, `bucket` or `bucket/key` of OSS, or a whole ARN (`acs:ram::…`). */
  readonly resource: string;
  /** Values for conditions: `oss:Prefix`, `acs:SourceIp` … */
  readonly context: Readonly<Record<string, string>>;
}

/** `nothing`: no statement applies, an implicit deny. */
export type Verdict = 'allow' | 'deny' | 'nothing';

/** Evaluates a policy. A Deny that applies beats every Allow. */
export function decide({ Statement }: PolicyDocument, permission: Permission): Verdict {
  const effects = Statement.filter((statement) => applies(statement, permission)).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'nothing';
}

/** Parses a policy's JSON. @returns null if it isn't a valid policy */
export function parsePolicy(text: string): PolicyDocument | null {
  try {
    const value: unknown = JSON.parse(text);
    return isPolicy(value) ? value : null;
  } catch {
    return null;
  }
}

function applies(statement: PolicyStatement, permission: Permission): boolean {
  return (
    listOf(statement.Action).some((pattern) => matches(pattern.toLowerCase(), permission.action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matchesResource(pattern, permission.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([name, values]) =>
        holds(operator, listOf(values), own(permission.context, name.toLowerCase())),
      ),
    )
  );
}

/** `acs:oss:<region>:<account>:<bucket/key>`; region and account are ignored, as there is only one of each. */
function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  if (resource.startsWith('acs:')) return matches(pattern, resource);
  const parts = pattern.split(':');
  return parts[0] === 'acs' && matches(parts[1] ?? '', 'oss') && matches(parts.slice(4).join(':'), resource);
}

function holds(operator: string, expected: readonly string[], actual: string | undefined): boolean {
  const test = own(conditionTests, operator);
  return test !== undefined && test(expected, actual);
}

type ConditionTest = (expected: readonly string[], actual: string | undefined) => boolean;
const isOneOf: ConditionTest = (expected, actual) => actual !== undefined && expected.includes(actual);
const isOneOfAnyCase: ConditionTest = (expected, actual) =>
  expected.some((one) => one.toLowerCase() === actual?.toLowerCase());
const isLike: ConditionTest = (expected, actual) =>
  actual !== undefined && expected.some((pattern) => matches(pattern, actual));
const isInNetwork: ConditionTest = (expected, actual) => actual !== undefined && inNetworks(expected, actual);

const conditionTests: Readonly<Partial<Record<string, ConditionTest>>> = {
  StringEquals: isOneOf,
  StringNotEquals: (expected, actual) => !isOneOf(expected, actual),
  StringEqualsIgnoreCase: isOneOfAnyCase,
  StringNotEqualsIgnoreCase: (expected, actual) => !isOneOfAnyCase(expected, actual),
  StringLike: isLike,
  StringNotLike: (expected, actual) => !isLike(expected, actual),
  IpAddress: isInNetwork,
  NotIpAddress: (expected, actual) => !isInNetwork(expected, actual),
  Bool: isOneOf,
  DateLessThan: comparesDate((actual, limit) => actual < limit),
  DateLessThanEquals: comparesDate((actual, limit) => actual <= limit),
  DateGreaterThan: comparesDate((actual, limit) => actual > limit),
  DateGreaterThanEquals: comparesDate((actual, limit) => actual >= limit),
};

function comparesDate(compare: (actual: number, limit: number) => boolean): ConditionTest {
  return (expected, actual) => expected.some((limit) => compare(Date.parse(actual ?? ''), Date.parse(limit)));
}

function isNetwork(base: string, bits = '0'): boolean {
  const version = isIP(base);
  return version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** What is no address or network contains nothing. */
function inNetworks(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIPv4(base) ? 'ipv4' : 'ipv6';
    if (!isNetwork(base, bits)) continue;
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** The values of a field that may hold one alone. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function isPolicy(value: unknown): value is PolicyDocument {
  return (
    isRecord(value) &&
    value['Version'] === '1' &&
    Array.isArray(value['Statement']) &&
    value['Statement'].every(isStatement)
  );
}

function isStatement(value: unknown): value is PolicyStatement {
  return (
    isRecord(value) &&
    (value['Effect'] === 'Allow' || value['Effect'] === 'Deny') &&
    isTexts(value['Action']) &&
    isTexts(value['Resource']) &&
    (value['Condition'] === undefined || isCondition(value['Condition']))
  );
}

function isCondition(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((keys) => isRecord(keys) && Object.values(keys).every(isTexts));
}

/** Whether a field holds one text or several. */
export function isTexts(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
