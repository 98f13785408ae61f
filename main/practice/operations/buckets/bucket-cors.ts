import { type Exchange, type Reply, bodyBytes, bucketOf, xmlReply } from '../../exchange.ts';
import { type CorsRule, corsHeaders, findCorsRule } from '../../protocol/cors-rules.ts';
import { Refusal, invalidArgument, malformedXml } from '../../protocol/refusal.ts';
import { type XmlElement, childText, parseXml, toXml } from '../../protocol/xml.ts';

/**
 * The stricter of two pages: the guide to CORS says 20.
 * @see https://help.aliyun.com/zh/oss/user-guide/0034-00000006
 */
const MAX_RULES = 10;
const METHODS = new Set(['GET', 'PUT', 'DELETE', 'POST', 'HEAD']);

/** PutBucketCors: replaces all rules. */
export async function putBucketCors(x: Exchange): Promise<Reply> {
  const document = parseXml((await bodyBytes(x)).toString('utf8'));
  const rules = document.children.filter(({ name }) => name === 'CORSRule').map(ruleOf);
  if (document.name !== 'CORSConfiguration' || rules.length === 0) throw malformedXml();
  if (rules.length > MAX_RULES) {
    const message = 'The CORS Rules num is beyond limit.';
    throw new Refusal(400, { code: 'CORSRuleBeyondLimit', message, ec: '0034-00000006' });
  }
  const varies = childText(document, 'ResponseVary') === 'true';
  await x.store.update(bucketOf(x), { cors: { rules, varies } });
  return { status: 200, headers: {} };
}

/** GetBucketCors. */
export async function getBucketCors(x: Exchange): Promise<Reply> {
  const { cors, name } = bucketOf(x).settings;
  if (cors === undefined) {
    throw new Refusal(404, {
      code: 'NoSuchCORSConfiguration',
      message: 'The CORS Configuration does not exist.',
      ec: '0034-00000001',
      extra: { BucketName: name },
    });
  }
  const rules = cors.rules.map((rule) => ({
    AllowedOrigin: rule.origins,
    AllowedMethod: rule.methods,
    AllowedHeader: rule.headers,
    ExposeHeader: rule.exposed,
    MaxAgeSeconds: rule.maxAgeSeconds,
  }));
  return Promise.resolve(xmlReply(toXml('CORSConfiguration', { CORSRule: rules, ResponseVary: cors.varies })));
}

/** DeleteBucketCors. */
export async function deleteBucketCors(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { cors: undefined });
  return { status: 204, headers: {} };
}

/**
 * OptionObject, the preflight of a browser. It isn't signed: a signature in its URL is that of the request that follows.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/options
 */
export async function optionObject(x: Exchange): Promise<Reply> {
  const { cors } = bucketOf(x).settings;
  const { origin, 'access-control-request-method': method } = x.headers;
  if (origin === undefined) throw insufficient('Origin', '0034-00000101');
  if (method === undefined) throw insufficient('Access-Control-Request-Method', '0034-00000102');
  if (cors === undefined) throw forbidden('CORS is not enabled for this bucket.');
  const asked = { origin, method, headers: listOf(x.headers['access-control-request-headers']) };
  const rule = findCorsRule(cors, asked);
  if (rule !== null) return Promise.resolve({ status: 200, headers: corsHeaders(rule, asked) });
  throw forbidden(
    "This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  );
}

function ruleOf(element: XmlElement): CorsRule {
  const texts = (name: string): string[] =>
    element.children.filter((child) => child.name === name).map(({ text }) => text);
  const rule = {
    origins: texts('AllowedOrigin'),
    methods: texts('AllowedMethod'),
    headers: texts('AllowedHeader'),
    exposed: texts('ExposeHeader'),
  };
  if (rule.origins.length === 0 || rule.methods.length === 0) throw malformedXml();
  const [wrongMethod] = rule.methods.filter((method) => !METHODS.has(method));
  if (wrongMethod !== undefined) throw wrong('AllowedMethod', wrongMethod);
  // No wildcards, and nothing that a header could not carry.
  const [unnamed] = rule.exposed.filter((name) => !/^[A-Za-z0-9-]+$/.test(name));
  if (unnamed !== undefined) throw wrong('ExposeHeader', unnamed);
  checkWildcards('AllowedOrigin', rule.origins);
  checkWildcards('AllowedHeader', rule.headers);
  const maxAge = childText(element, 'MaxAgeSeconds');
  if (maxAge === undefined) return rule;
  if (!/^\d{1,9}$/.test(maxAge)) throw malformedXml();
  return { ...rule, maxAgeSeconds: Number(maxAge) };
}

/** One `*` at most. @throws Refusal */
function checkWildcards(name: string, patterns: readonly string[]): void {
  const twice = patterns.find((pattern) => pattern.split('*').length > 2);
  if (twice !== undefined) throw wrong(name, twice);
}

function wrong(name: string, value: string): Refusal {
  return invalidArgument(`${name} is not valid.`, { name, value });
}

function listOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function forbidden(message: string): Refusal {
  return new Refusal(403, { code: 'AccessForbidden', message: `CORSResponse: ${message}` });
}

/** OSS's sentence for a missing method is not documented: it is made like that for a missing origin. */
function insufficient(header: string, ec: string): Refusal {
  const message = `Insufficient information. ${header} request header needed.`;
  return new Refusal(400, { code: 'BadRequest', message, ec });
}
