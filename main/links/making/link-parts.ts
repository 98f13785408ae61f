import { percentEncode } from '../../oss/canonical.ts';
import { contentDisposition } from './content-disposition.ts';
import type { LinkMethod } from '../text/link-note.ts';
import type { LinkOptions } from './link-options.ts';

/** The signed parts of a link: query parameters, and headers that must be sent with it. */
export interface LinkParts {
  readonly method: LinkMethod;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** An option under OSS's name. */
type Named = readonly [name: string, value: string | number | boolean | undefined | null];

/** Translates the options of a link into OSS's parameters and headers. */
export function linkParts(
  options: LinkOptions,
  object: { readonly key: string; readonly versionId: string | null },
): LinkParts {
  const { method = 'GET', open, fileName } = options;
  const disposition = method === 'GET' || method === 'HEAD' ? contentDisposition(open, fileName, object.key) : null;
  return {
    method,
    params: definedOnly([
      ['versionId', object.versionId],
      ...responseParams(options, disposition),
      ['x-oss-process', options.process],
      ['x-oss-traffic-limit', options.trafficLimitBitsPerSecond],
      ['x-oss-ac-source-ip', options.access?.sourceIp],
      ['x-oss-ac-subnet-mask', options.access?.subnetMask],
      ['x-oss-ac-vpc-id', options.access?.vpcId],
      ['x-oss-ac-forward-allow', options.access?.forwardAllow],
    ]),
    headers: definedOnly(uploadHeaders(options)),
  };
}

function responseParams({ response = {} }: LinkOptions, disposition: string | null): readonly Named[] {
  return [
    ['response-content-disposition', response.contentDisposition ?? disposition],
    ['response-content-type', response.contentType],
    ['response-cache-control', response.cacheControl],
    ['response-content-encoding', response.contentEncoding],
    ['response-content-language', response.contentLanguage],
    ['response-expires', response.expires],
  ];
}

function uploadHeaders({ upload = {} }: LinkOptions): readonly Named[] {
  const { callback } = upload;
  const vars = Object.entries(callback?.vars ?? {}).map(([name, value]) => [`x:${name}`, value]);
  return [
    ['content-type', upload.contentType],
    ['content-md5', upload.contentMd5],
    ['x-oss-storage-class', upload.storageClass],
    ['x-oss-object-acl', upload.acl],
    ['x-oss-forbid-overwrite', upload.forbidOverwrite],
    ['x-oss-tagging', tagging(upload.tags ?? {})],
    ...Object.entries(upload.meta ?? {}).map(([name, value]): Named => [`x-oss-meta-${name.toLowerCase()}`, value]),
    ['x-oss-callback', callback === undefined ? undefined : base64Json(callbackJson(callback))],
    [
      'x-oss-callback-var',
      vars.length === 0 ? undefined : base64Json(Object.fromEntries(vars) as Record<string, string>),
    ],
  ];
}

function tagging(tags: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(tags).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? undefined : pairs.join('&');
}

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/callback */
function callbackJson({
  url,
  body,
  host,
  bodyType,
}: NonNullable<NonNullable<LinkOptions['upload']>['callback']>): object {
  return {
    callbackUrl: url,
    ...(host === undefined ? {} : { callbackHost: host }),
    callbackBody: body,
    ...(bodyType === undefined ? {} : { callbackBodyType: bodyType }),
  };
}

function base64Json(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

function definedOnly(named: readonly Named[]): Record<string, string> {
  return Object.fromEntries(
    named.flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, String(value)]])),
  );
}
