import { isIP } from 'node:net';
import { type Failure, toFailure, WaybillError } from '../../failure.ts';
import { MAX_CALLBACK_URLS, MAX_CALLBACK_VAR_BYTES, MAX_META_BYTES, TRAFFIC_LIMIT_BITS } from '../../oss/limits.ts';
import { readTaggingHeader } from '../../oss/operations/tags.ts';
import { own } from '../../own.ts';
import type { LinkMethod } from '../text/link-note.ts';
import type { LinkParts } from './link-parts.ts';

/** A problem with one option of a link. */
export type InputFailure = Extract<Failure, { kind: 'input' }>;

type Problem = readonly [rule: string, limit?: string] | null;
type Rule = (value: string, parts: LinkParts) => Problem;

/** Printable ASCII, which HTTP transmits unchanged. A signature can't cover anything else. */
const plain = /^[ -~]*$/;

const onlyFor =
  (methods: readonly LinkMethod[], rule: string): Rule =>
  (_value, { method }) =>
    methods.includes(method) ? null : [rule, methods.join(', ')];

const reading = onlyFor(['GET', 'HEAD'], 'get-only');
const noControls: Rule = (value) => (/\p{Cc}/u.test(value) ? ['control-character'] : null);
const isPlain: Rule = (value) => (plain.test(value) ? null : ['not-ascii']);

/** Combines rules; the first problem counts. */
const all =
  (...rules: readonly Rule[]): Rule =>
  (value, parts) => {
    for (const rule of rules) {
      const problem = rule(value, parts);
      if (problem !== null) return problem;
    }
    return null;
  };

const trafficLimit: Rule = (value) => {
  const { least, most } = TRAFFIC_LIMIT_BITS;
  const isAllowed = /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
  return isAllowed ? null : ['traffic-limit', `${least}…${most}`];
};

const subnetMask: Rule = (value, { params }) => {
  const address = params['x-oss-ac-source-ip'];
  if (address === undefined) return ['needs-source-ip'];
  const most = isIP(address) === 6 ? 128 : 32;
  return /^\d+$/.test(value) && Number(value) <= most ? null : ['subnet-mask', `0…${most}`];
};

const httpDate: Rule = (value) =>
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : ['http-date'];

const paramRules: Readonly<Record<string, Rule>> = {
  versionId: (value, { method }) =>
    method === 'PUT' ? ['version-on-put'] : value === '' || !plain.test(value) ? ['version-format'] : null,
  'response-content-disposition': all(reading, noControls),
  'response-content-type': all(reading, isPlain),
  'response-cache-control': all(reading, isPlain),
  'response-content-encoding': all(reading, isPlain),
  'response-content-language': all(reading, isPlain),
  'response-expires': all(reading, httpDate),
  'x-oss-process': all(onlyFor(['GET'], 'get-only'), noControls, (value) => (value === '' ? ['empty'] : null)),
  'x-oss-traffic-limit': all(onlyFor(['GET', 'PUT'], 'get-or-put-only'), trafficLimit),
  'x-oss-ac-source-ip': (value) => (isIP(value) === 0 ? ['ip-address'] : null),
  'x-oss-ac-subnet-mask': subnetMask,
  'x-oss-ac-vpc-id': (value) => (/^vpc-[a-z0-9]{1,60}$/.test(value) ? null : ['vpc-id']),
  'x-oss-ac-forward-allow': (value) => (/^(true|false)$/.test(value) ? null : ['true-or-false']),
};

const oneOf =
  (values: readonly string[]): Rule =>
  (value) =>
    values.includes(value) ? null : ['one-of', values.join(', ')];

const tagging: Rule = (value) => {
  const read = readTaggingHeader(value);
  return 'rule' in read ? [read.rule, read.limit] : null;
};

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback */
const callback: Rule = (value) => {
  const { callbackUrl, callbackBody, callbackHost } = readBase64Json(value) ?? {};
  if (typeof callbackUrl !== 'string' || typeof callbackBody !== 'string') return ['callback-format'];
  const urls = callbackUrl.split(';');
  if (urls.length > MAX_CALLBACK_URLS || !urls.every(isCallbackUrl)) return ['callback-url', `1…${MAX_CALLBACK_URLS}`];
  if (callbackBody === '') return ['callback-body'];
  if (callbackHost !== undefined && !isHost(callbackHost)) return ['callback-host'];
  return null;
};

function isHost(host: unknown): boolean {
  return typeof host === 'string' && /^[\w.:[\]-]{1,255}$/.test(host);
}

/** OSS requires everything but ASCII to be percent-encoded. */
function isCallbackUrl(url: string): boolean {
  return /^https?:\/\/[!-~]+$/i.test(url) && URL.canParse(url);
}

/** @see https://www.alibabacloud.com/help/en/oss/support/0007-00000101 */
const callbackVar: Rule = (value) => {
  if (value.length > MAX_CALLBACK_VAR_BYTES) return ['callback-var-too-long', String(MAX_CALLBACK_VAR_BYTES)];
  const names = Object.keys(readBase64Json(value) ?? {});
  return names.length > 0 && names.every((name) => /^x:[a-z0-9_]+$/.test(name)) ? null : ['callback-var', 'a-z 0-9 _'];
};

const headerRules: Readonly<Record<string, Rule>> = {
  'content-type': all(isPlain, (value) => (/^[^\s/]+\/[^\s/;]+/.test(value) ? null : ['content-type'])),
  'content-md5': (value) => (/^[A-Za-z0-9+/]{22}==$/.test(value) ? null : ['content-md5', '24']),
  'x-oss-storage-class': oneOf(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']),
  'x-oss-object-acl': oneOf(['default', 'private', 'public-read', 'public-read-write']),
  'x-oss-forbid-overwrite': (value) => (/^(true|false)$/.test(value) ? null : ['true-or-false']),
  'x-oss-tagging': tagging,
  'x-oss-callback': callback,
  'x-oss-callback-var': callbackVar,
};

/** Headers that are only meaningful, or only signed, for an upload. */
const isUploadHeader = (name: string): boolean => name === 'content-md5' || name.startsWith('x-oss-');

/** Everything about a link that OSS would reject, each with the rule and the allowed range. */
export function linkProblems(parts: LinkParts): readonly InputFailure[] {
  const problems: InputFailure[] = [];
  const check = (field: string, problem: Problem | undefined): void => {
    if (problem === null || problem === undefined) return;
    const [rule, limit] = problem;
    problems.push({ kind: 'input', field, rule, ...(limit === undefined ? {} : { limit }) });
  };
  for (const [name, value] of Object.entries(parts.params)) check(name, own(paramRules, name)?.(value, parts));
  for (const [name, value] of Object.entries(parts.headers))
    check(name, headerProblem(name.toLowerCase(), value, parts));
  check('x-oss-meta', metaProblem(parts.headers));
  return problems;
}

/** The result of `work`, or null if it throws an `input` failure, which is added to `problems`. Throws whatever else it does. */
export function orProblem<T>(problems: InputFailure[], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind !== 'input') throw error;
    problems.push(failure);
    return null;
  }
}

/** Throws if OSS would reject the link. @throws WaybillError `input`, the first of linkProblems() */
export function checkLink(parts: LinkParts): void {
  const [problem] = linkProblems(parts);
  if (problem !== undefined) throw new WaybillError(problem);
}

function headerProblem(name: string, value: string, parts: LinkParts): Problem {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return ['header-name'];
  if (parts.method !== 'PUT' && isUploadHeader(name)) return ['put-only', 'PUT'];
  return isPlain(value, parts) ?? own(headerRules, name)?.(value, parts) ?? null;
}

function metaProblem(headers: Readonly<Record<string, string>>): Problem {
  const meta = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  const bytes = meta.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (meta.some(([name]) => !/^x-oss-meta-[a-z0-9-]+$/.test(name))) return ['meta-name', 'a-z 0-9 -'];
  return bytes > MAX_META_BYTES ? ['meta-too-long', String(MAX_META_BYTES)] : null;
}

function readBase64Json(value: string): Readonly<Record<string, unknown>> | null {
  try {
    const json = JSON.parse(Buffer.from(value, 'base64').toString()) as unknown;
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
