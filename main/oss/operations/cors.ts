import { createHash } from 'node:crypto';
import type { Connection } from '../connection.ts';
import { malformedReply, toFailure, WaybillError } from '../../failure.ts';
import { MAX_CORS } from '../limits.ts';
import { expectRoot } from '../exchange/reply-fields.ts';
import { sendForHeaders, sendForXml } from '../exchange/request.ts';
import { writeXml, type XmlContent, type XmlElement } from '../exchange/xml.ts';

/** An element that Waybill doesn't know, kept so that it is written back as it was read. */
type UnknownElement = readonly [name: string, content: XmlContent];

/** One CORS rule. Origins and headers may hold one `*`. Of several rules, the first that matches a request applies. */
export interface CorsRule {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** How long browsers keep the answer to a preflight, in seconds; null: their own default. */
  readonly maxAgeSeconds: number | null;
  readonly others: readonly UnknownElement[];
}

/** The CORS rules of a bucket, in their order. */
export interface CorsConfiguration {
  readonly rules: readonly CorsRule[];
  /** Whether every reply says `Vary: Origin`; null: not set, which OSS treats as false. */
  readonly responseVary: boolean | null;
  readonly others: readonly UnknownElement[];
}

/**
 * GetBucketCors: the CORS rules of a bucket; null if it has none.
 * @throws WaybillError `oss` MalformedReply for a document that couldn't be written back without a loss
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketcors
 */
export async function getBucketCors(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<CorsConfiguration | null> {
  try {
    const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { cors: null }, signal });
    return readCors(root);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.code === 'NoSuchCORSConfiguration') return null;
    throw error;
  }
}

/**
 * PutBucketCors: replaces all CORS rules of a bucket.
 * @throws WaybillError `input` for more than 20 rules or 16 KB; `oss` CORSRuleBeyondLimit where OSS's limit is lower
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketcors
 */
export async function putBucketCors(
  connection: Connection,
  bucket: string,
  cors: CorsConfiguration,
  signal?: AbortSignal,
): Promise<void> {
  if (cors.rules.length > MAX_CORS.rules) throw corsError('cors-full', MAX_CORS.rules);
  const body = Buffer.from(corsXml(cors));
  if (body.length > MAX_CORS.bytes) throw corsError('cors-too-large', MAX_CORS.bytes);
  const headers = {
    'content-type': 'application/xml',
    'content-md5': createHash('md5').update(body).digest('base64'),
  };
  await sendForHeaders(connection, { method: 'PUT', bucket, params: { cors: null }, headers, body, signal });
}

/**
 * DeleteBucketCors: removes all CORS rules of a bucket.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletebucketcors
 */
export async function deleteBucketCors(connection: Connection, bucket: string, signal?: AbortSignal): Promise<void> {
  await sendForHeaders(connection, { method: 'DELETE', bucket, params: { cors: null }, signal });
}

/** The document of PutBucketCors. */
export function corsXml({ rules, responseVary, others }: CorsConfiguration): string {
  return writeXml('CORSConfiguration', [
    ...rules.map((rule) => ['CORSRule', corsRuleContent(rule)] as const),
    ...(responseVary === null ? [] : [['ResponseVary', String(responseVary)] as const]),
    ...others,
  ]);
}

/** The elements of a rule, in the order in which OSS documents them. */
export function corsRuleContent(rule: CorsRule): readonly UnknownElement[] {
  const listed = (name: string, texts: readonly string[]): UnknownElement[] => texts.map((text) => [name, text]);
  return [
    ...listed('AllowedOrigin', rule.allowedOrigins),
    ...listed('AllowedMethod', rule.allowedMethods),
    ...listed('AllowedHeader', rule.allowedHeaders),
    ...listed('ExposeHeader', rule.exposeHeaders),
    ...(rule.maxAgeSeconds === null ? [] : listed('MaxAgeSeconds', [String(rule.maxAgeSeconds)])),
    ...rule.others,
  ];
}

const ruleElements = new Set(['AllowedOrigin', 'AllowedMethod', 'AllowedHeader', 'ExposeHeader', 'MaxAgeSeconds']);

function readCors(root: XmlElement): CorsConfiguration {
  expectRoot(root, 'CORSConfiguration');
  checkContainer(root);
  const vary = single(root, 'ResponseVary');
  if (vary !== null && vary !== 'true' && vary !== 'false') throw malformedReply(200, 'ResponseVary is neither');
  return {
    rules: root.children.filter(({ name }) => name === 'CORSRule').map(readRule),
    responseVary: vary === null ? null : vary === 'true',
    others: root.children.filter(({ name }) => name !== 'CORSRule' && name !== 'ResponseVary').map(kept),
  };
}

function readRule(element: XmlElement): CorsRule {
  checkContainer(element);
  const maxAge = single(element, 'MaxAgeSeconds');
  if (maxAge !== null && !/^\d{1,15}$/.test(maxAge))
    throw malformedReply(200, 'CORSRule without a valid MaxAgeSeconds');
  return {
    allowedOrigins: texts(element, 'AllowedOrigin'),
    allowedMethods: texts(element, 'AllowedMethod'),
    allowedHeaders: texts(element, 'AllowedHeader'),
    exposeHeaders: texts(element, 'ExposeHeader'),
    maxAgeSeconds: maxAge === null ? null : Number(maxAge),
    others: element.children.filter(({ name }) => !ruleElements.has(name)).map(kept),
  };
}

/** An element that holds elements only: text or attributes of its own would be lost. */
function checkContainer(element: XmlElement): void {
  if (element.text.trim() === '' && element.hasAttributes !== true) return;
  throw malformedReply(200, `${element.name} holds something that can't be written back`);
}

function texts(element: XmlElement, name: string): readonly string[] {
  return element.children.filter((child) => child.name === name).map(textOnly);
}

function single(element: XmlElement, name: string): string | null {
  const [text = null, ...more] = texts(element, name);
  if (more.length > 0) throw malformedReply(200, `${element.name} with several ${name}`);
  return text;
}

function textOnly(element: XmlElement): string {
  const content = kept(element)[1];
  if (typeof content !== 'string') throw malformedReply(200, `${element.name} with elements in it`);
  return content;
}

function kept(element: XmlElement): UnknownElement {
  const { name, text, children, hasAttributes } = element;
  if (children.length === 0 && hasAttributes !== true) return [name, text];
  checkContainer(element);
  return [name, children.map(kept)];
}

function corsError(rule: string, limit: number): WaybillError {
  return new WaybillError({ kind: 'input', field: 'cors', rule, limit: String(limit) });
}
