import { BlockList, isIPv4 } from 'node:net';

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

/** Evaluates the caller's policies: each must allow the permission and none may deny it. */
export function decide(policies: readonly PolicyDocument[], permission: Permission): 'allow' | 'deny' | 'nothing' {
  const verdicts = policies.map((policy) => decideOne(policy, permission));
  if (verdicts.includes('deny')) return 'deny';
  return verdicts.every((verdict) => verdict === 'allow') ? 'allow' : 'nothing';
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

function decideOne(policy: PolicyDocument, permission: Permission): 'allow' | 'deny' | 'nothing' {
  const effects = policy.Statement.filter((statement) => applies(statement, permission)).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'nothing';
}

function applies(statement: PolicyStatement, permission: Permission): boolean {
  return (
    listOf(statement.Action).some((pattern) => matches(pattern.toLowerCase(), permission.action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matchesResource(pattern, permission.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([name, values]) =>
        holds(operator, listOf(values), permission.context[name.toLowerCase()]),
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
  const test = conditionTests[operator];
  return test !== undefined && test(expected, actual);
}

type ConditionTest = (expected: readonly string[], actual: string | undefined) => boolean;
const isOneOf: ConditionTest = (expected, actual) => actual !== undefined && expected.includes(actual);
const isLike: ConditionTest = (expected, actual) =>
  actual !== undefined && expected.some((pattern) => matches(pattern, actual));
const isInNetwork: ConditionTest = (expected, actual) => actual !== undefined && inNetworks(expected, actual);

const conditionTests: Readonly<Partial<Record<string, ConditionTest>>> = {
  StringEquals: isOneOf,
  StringNotEquals: (expected, actual) => !isOneOf(expected, actual),
  StringLike: isLike,
  StringNotLike: (expected, actual) => !isLike(expected, actual),
  IpAddress: isInNetwork,
  NotIpAddress: (expected, actual) => !isInNetwork(expected, actual),
  Bool: isOneOf,
  DateLessThan: (expected, actual) => expected.some((one) => Date.parse(actual ?? '') < Date.parse(one)),
  DateGreaterThan: (expected, actual) => expected.some((one) => Date.parse(actual ?? '') > Date.parse(one)),
};

function inNetworks(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIPv4(base) ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Matches RAM wildcards: `*` is any run of characters, `?` is exactly one. Linear time in practice. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = inText;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[inText])) {
      at += 1;
      inText += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      inText = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

function listOf(value: string | readonly string[]): readonly string[] {
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

function isTexts(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
