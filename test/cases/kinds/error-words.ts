import { z } from 'zod';
import type { Failure } from '../../../main/failure.ts';
import type { AccessKey } from '../../../main/oss/connection.ts';
import { signedByKey } from '../../../main/oss/exchange/cause.ts';
import { ramActionOf } from '../../../main/oss/exchange/ram-action.ts';
import { failureMessage } from '../../../main/cli/terminal/failure-message.ts';
import { failureOfLink, failureOfRequest, readOssError } from '../../../main/oss/exchange/errors.ts';
import { writeXml, type XmlContent } from '../../../main/oss/exchange/xml.ts';
import { classify } from '../../../main/transfers/retry-policy.ts';
import { failureText } from '../../../main/words/failure-text.ts';
import { translator } from '../../../main/words/translator.ts';
import type { Kind } from '../kind.ts';

const context = z.object({
  keyKind: z.enum(['permanent', 'temporary']).optional(),
  tokenSent: z.boolean().optional(),
  params: z.union([z.record(z.string(), z.string()), z.array(z.string())]).optional(),
  serverTime: z.number().optional(),
  errorEndpoint: z.string().optional(),
  authAction: z.string().optional(),
  location: z.string().optional(),
  body: z.enum(['empty', 'html']).optional(),
  requestId: z.union([z.boolean(), z.string()]).optional(),
});

const own = ['buckets', 'list', 'get', 'put', 'copy', 'acl', 'bucket-acl', 'tag'] as const;
type Own = (typeof own)[number];

const answer = z.object({
  on: z.enum([...own, 'link-get', 'link-put']),
  status: z.number(),
  code: z.string().nullable(),
  ec: z.string().nullable(),
  message: z.string().nullable(),
  context,
});
type Answer = z.infer<typeof answer>;

const expectation = z.object({
  cause: z.string(),
  retry: z.boolean(),
  action: z.string().optional(),
  mustNotSay: z.array(z.string()).default([]),
});

/** What is said about an answer of OSS, in the window and on the command line. */
export const errorWords: Kind = {
  run(input) {
    const failure = failureOf(answer.parse(input));
    const { title, next } = failureText(failure, translator('en'));
    return {
      cause: 'cause' in failure ? failure.cause : failure.kind,
      retry: classify(failure).action === 'retry',
      ...('action' in failure ? { action: failure.action } : {}),
      said: [title, next, failureMessage(failure)].join('\n'),
    };
  },
  matches(actual, expected) {
    const { mustNotSay, ...wanted } = expectation.parse(expected);
    const { said, ...result } = z.looseObject({ said: z.string() }).parse(actual);
    const isSilent = mustNotSay.every((phrase) => !said.toLowerCase().includes(phrase.toLowerCase()));
    return isSilent && JSON.stringify(sorted(result)) === JSON.stringify(sorted(wanted));
  },
};

function failureOf(input: Answer): Failure {
  const error = readOssError({ status: input.status, headers: headersOf(input), body: bodyOf(input) });
  if (input.on === 'link-get' || input.on === 'link-put') return failureOfLink(error, urlOf(input.context));
  return failureOfRequest(error, signedByKey(keyOf(input.context)), ramActionOf(requests[input.on]));
}

/** The requests of one's own, as far as they tell which right they need. */
const bucket = 'examplebucket';
const object = { bucket, key: 'key' };
const requests = {
  buckets: { method: 'GET' },
  list: { method: 'GET', bucket, params: { 'list-type': '2' } },
  get: { method: 'GET', ...object },
  put: { method: 'PUT', ...object },
  copy: { method: 'PUT', ...object },
  acl: { method: 'PUT', ...object, params: { acl: null } },
  'bucket-acl': { method: 'PUT', bucket, params: { acl: null } },
  tag: { method: 'PUT', ...object, params: { tagging: null } },
} satisfies Record<Own, Parameters<typeof ramActionOf>[0]>;

function keyOf({ keyKind, tokenSent }: Answer['context']): AccessKey {
  const isTemporary = keyKind === 'temporary';
  const securityToken = isTemporary && tokenSent !== false ? 'token' : null;
  return { accessKeyId: isTemporary ? 'STS.example' : 'LTAIexample', accessKeySecret: 'secret', securityToken };
}

function headersOf({ code, ec, context: { serverTime, location, body, requestId } }: Answer): Record<string, string> {
  const isOfOss = requestId ?? (body === undefined && code !== null && code !== '');
  return {
    ...(serverTime === undefined ? {} : { date: new Date(serverTime * 1000).toUTCString() }),
    ...(location === undefined ? {} : { location }),
    ...(ec === null ? {} : { 'x-oss-ec': ec }),
    ...(isOfOss === false ? {} : { 'x-oss-request-id': '5C3D9175B6FC201293AD0001' }),
  };
}

function bodyOf({ code, ec, message, context: { body, errorEndpoint, authAction } }: Answer): string {
  if (body === 'html') return '<!DOCTYPE html><html><body>A page</body></html>';
  if (body === 'empty' || code === null || code === '') return '';
  const fields: readonly (readonly [string, string | null | undefined])[] = [
    ['Code', code],
    ['Message', message],
    ['EC', ec],
    ['Endpoint', errorEndpoint],
    ['AuthAction', authAction],
  ];
  const given = fields.flatMap(([name, text]): (readonly [string, XmlContent])[] =>
    text === null || text === undefined ? [] : [[name, text]],
  );
  return writeXml('Error', given);
}

function urlOf({ keyKind, tokenSent, params }: Answer['context']): string {
  const isTemporary = keyKind === 'temporary';
  const query = new URLSearchParams({ OSSAccessKeyId: isTemporary ? 'STS.example' : 'LTAIexample', Expires: '1' });
  if (isTemporary && tokenSent === true) query.set('security-token', 'token');
  const given = Array.isArray(params)
    ? params.map((name): [string, string] => [name, ''])
    : Object.entries(params ?? {});
  for (const [name, value] of given) query.set(name, value);
  return `https://examplebucket.oss-cn-hangzhou.aliyuncs.com/key?${query.toString()}&Signature=s`;
}

function sorted(record: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
