import type { CorsConfiguration, CorsRule } from '../../oss/operations/cors.ts';
import { corsRuleContent, corsXml, deleteBucketCors, getBucketCors, putBucketCors } from '../../oss/operations/cors.ts';
import { indentedXml, type XmlContent } from '../../oss/exchange/xml.ts';
import { type BucketDocument, DocumentEditor } from '../revoking/bucket-document.ts';

/**
 * The rule that lets Waybill's pages talk to a bucket. Origins can't be narrowed: a page from a disk sends `Origin: null`,
 * and one on any web site that site's. The rule grants nothing by itself, because every request of a page is signed. OSS
 * takes no `*` in ExposeHeader.
 */
export const pageCorsRule: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['POST', 'PUT', 'GET', 'HEAD'],
  allowedHeaders: ['*'],
  exposeHeaders: ['Date', 'ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id', 'x-oss-version-id'],
  maxAgeSeconds: 600,
  others: [],
};

/** The rule before it exposed `Date`: it hides the server's clock, and is replaced or taken away like the present one. */
const earlierRule: CorsRule = {
  ...pageCorsRule,
  exposeHeaders: pageCorsRule.exposeHeaders.filter((name) => name !== 'Date'),
};

/** What a cross-origin request asks for; `headers` are those that a preflight announces. */
export interface CrossOriginRequest {
  readonly origin: string;
  readonly method: string;
  readonly headers?: readonly string[];
}

/** Whether a rule is Waybill's, the present or the earlier one: the same lists in any order, and the same time. */
export function isPageRule(rule: CorsRule): boolean {
  return isSameRule(rule, pageCorsRule) || isSameRule(rule, earlierRule);
}

/** The rules with Waybill's before all others, since only the first that matches counts; the same if it is there. */
export function withRuleFirst(cors: CorsConfiguration | null): CorsConfiguration {
  if (cors === null) return { rules: [pageCorsRule], responseVary: null, others: [] };
  const [first, ...rest] = cors.rules;
  if (first !== undefined && isSameRule(first, pageCorsRule) && !rest.some(isPageRule)) return cors;
  return { ...cors, rules: [pageCorsRule, ...cors.rules.filter((rule) => !isPageRule(rule))] };
}

/** The rules without Waybill's; null if none is left, since OSS stores no empty list. */
export function withoutRule(cors: CorsConfiguration | null): CorsConfiguration | null {
  if (cors === null || !cors.rules.some(isPageRule)) return cors;
  const rules = cors.rules.filter((rule) => !isPageRule(rule));
  return rules.length === 0 ? null : { ...cors, rules };
}

/** A rule as indented XML, as OSS's documentation shows it. */
export function corsRuleText(rule: CorsRule): string {
  return indentedXml('CORSRule', corsRuleContent(rule));
}

/** All rules as indented XML, for showing what a change changes; empty without rules. */
export function corsText(cors: CorsConfiguration | null): string {
  if (cors === null) return '';
  const vary = cors.responseVary === null ? [] : [['ResponseVary', String(cors.responseVary)] as const];
  const rules = cors.rules.map((rule): readonly [string, XmlContent] => ['CORSRule', corsRuleContent(rule)]);
  return indentedXml('CORSConfiguration', [...rules, ...vary, ...cors.others]);
}

/**
 * The index of the first rule that matches a request, which is the one that applies; -1 if none does.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors
 */
export function matchingRule(cors: CorsConfiguration, { origin, method, headers = [] }: CrossOriginRequest): number {
  return cors.rules.findIndex(
    ({ allowedOrigins, allowedMethods, allowedHeaders }) =>
      allowedOrigins.some((pattern) => covers(pattern, origin)) &&
      allowedMethods.includes(method) &&
      headers.every((name) => allowedHeaders.some((pattern) => covers(pattern.toLowerCase(), name.toLowerCase()))),
  );
}

/** The CORS rules of buckets, read, changed and compared. */
const corsDocument: BucketDocument<CorsConfiguration> = {
  field: 'cors',
  read: getBucketCors,
  async write(connection, bucket, cors, signal) {
    if (cors === null) await deleteBucketCors(connection, bucket, signal);
    else await putBucketCors(connection, bucket, cors, signal);
  },
  isSame: isSameCors,
};

/** Puts Waybill's rule first and takes it away: `editor.change(connection, bucket, withRuleFirst)`. */
export function corsEditor(): DocumentEditor<CorsConfiguration> {
  return new DocumentEditor(corsDocument);
}

function isSameCors(one: CorsConfiguration | null, other: CorsConfiguration | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.rules.length === other.rules.length &&
    one.rules.every((rule, index) => isSameRule(rule, other.rules[index])) &&
    (one.responseVary ?? false) === (other.responseVary ?? false) &&
    corsXml({ ...one, rules: [], responseVary: null }) === corsXml({ ...other, rules: [], responseVary: null })
  );
}

function isSameRule(one: CorsRule, other: CorsRule | undefined): boolean {
  return other !== undefined && comparable(one) === comparable(other);
}

/** Lists have no order, and names of headers no case. */
function comparable(rule: CorsRule): string {
  const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
  const lower = (texts: readonly string[]): string[] => sorted(texts.map((text) => text.toLowerCase()));
  return JSON.stringify([
    sorted(rule.allowedOrigins),
    sorted(rule.allowedMethods),
    lower(rule.allowedHeaders),
    lower(rule.exposeHeaders),
    rule.maxAgeSeconds,
    rule.others,
  ]);
}

/** Whether a pattern with at most one `*` covers a text. */
function covers(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === text;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
