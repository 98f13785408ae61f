import type { InputFailure, LinkMethod, LinkOptions } from '../../main/contract/contract.ts';
import { own } from '../../main/own.ts';
import type { MessageKey } from '../../main/words/locales.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import type { NameValue } from '../lib/name-value.ts';

/** The options of a link as typed. Empty options are omitted. */
export interface LinkFields {
  readonly method: LinkMethod;
  readonly signVersion: 'v4' | 'v1';
  readonly host: 'account' | 'public' | 'internal' | 'accelerate' | 'dualstack' | 'domain';
  readonly domain: string;
  readonly renewSession: boolean;
  readonly responseType: string;
  readonly cacheControl: string;
  readonly contentEncoding: string;
  readonly contentLanguage: string;
  readonly responseExpires: string;
  readonly process: string;
  /** In KB/s. */
  readonly trafficLimit: string;
  /** An address, or a subnet as `192.0.2.0/24`. */
  readonly sourceIp: string;
  readonly vpcId: string;
  readonly forwardAllow: boolean;
  readonly contentType: string;
  readonly contentMd5: string;
  readonly storageClass: '' | NonNullable<NonNullable<LinkOptions['upload']>['storageClass']>;
  readonly acl: '' | NonNullable<NonNullable<LinkOptions['upload']>['acl']>;
  readonly forbidOverwrite: boolean;
  readonly meta: readonly NameValue[];
  readonly tags: readonly NameValue[];
  /** Up to five addresses, separated by `;`. */
  readonly callbackUrl: string;
  readonly callbackBody: string;
  readonly callbackHost: string;
  readonly callbackType: NonNullable<Callback['bodyType']>;
  /** Names without `x:`. */
  readonly callbackVars: readonly NameValue[];
}

type Callback = NonNullable<NonNullable<LinkOptions['upload']>['callback']>;

/** No options set. */
export const plainFields: LinkFields = {
  method: 'GET',
  signVersion: 'v4',
  host: 'account',
  domain: '',
  renewSession: false,
  responseType: '',
  cacheControl: '',
  contentEncoding: '',
  contentLanguage: '',
  responseExpires: '',
  process: '',
  trafficLimit: '',
  sourceIp: '',
  vpcId: '',
  forwardAllow: false,
  contentType: '',
  contentMd5: '',
  storageClass: '',
  acl: '',
  forbidOverwrite: false,
  meta: [],
  tags: [],
  callbackUrl: '',
  callbackBody: 'bucket=${bucket}&object=${object}&size=${size}&etag=${etag}',
  callbackHost: '',
  callbackType: 'application/x-www-form-urlencoded',
  callbackVars: [],
};

/** Sends only options of the method: a hidden field has no effect. */
export function toLinkOptions(
  fields: LinkFields,
  accountVersion: 'v4' | 'v1' | undefined,
): Omit<LinkOptions, 'fileName' | 'open' | 'expiresSeconds' | 'validUntil'> {
  const { method } = fields;
  const reads = method === 'GET' || method === 'HEAD';
  return given({
    method: method === 'GET' ? undefined : method,
    signVersion: fields.signVersion === accountVersion ? undefined : fields.signVersion,
    host: hostOf(fields),
    renewSession: fields.renewSession || undefined,
    response: reads ? responseOf(fields) : undefined,
    process: method === 'GET' ? typed(fields.process) : undefined,
    trafficLimitBitsPerSecond: method === 'GET' || method === 'PUT' ? bitsOf(fields.trafficLimit) : undefined,
    access: accessOf(fields),
    upload: method === 'PUT' ? uploadOf(fields) : undefined,
  });
}

function hostOf({ host, domain }: LinkFields): LinkOptions['host'] {
  if (host === 'account') return undefined;
  return host === 'domain' ? { domain } : host;
}

function responseOf(fields: LinkFields): LinkOptions['response'] {
  return orNothing({
    contentType: typed(fields.responseType),
    cacheControl: typed(fields.cacheControl),
    contentEncoding: typed(fields.contentEncoding),
    contentLanguage: typed(fields.contentLanguage),
    expires: typed(fields.responseExpires),
  });
}

function accessOf({ sourceIp, vpcId, forwardAllow }: LinkFields): LinkOptions['access'] {
  const [address = '', mask] = sourceIp.trim().split('/');
  return orNothing({
    sourceIp: typed(address),
    subnetMask: mask === undefined ? undefined : numberIn(mask),
    vpcId: typed(vpcId),
    forwardAllow: forwardAllow || undefined,
  });
}

function uploadOf(fields: LinkFields): LinkOptions['upload'] {
  return orNothing({
    contentType: typed(fields.contentType),
    contentMd5: typed(fields.contentMd5),
    storageClass: fields.storageClass === '' ? undefined : fields.storageClass,
    acl: fields.acl === '' ? undefined : fields.acl,
    forbidOverwrite: fields.forbidOverwrite || undefined,
    meta: recordOf(fields.meta),
    tags: recordOf(fields.tags),
    callback: callbackOf(fields),
  });
}

/** Without a URL there is no callback. */
function callbackOf(fields: LinkFields): Callback | undefined {
  const url = typed(fields.callbackUrl);
  if (url === undefined) return undefined;
  return given({
    url,
    body: fields.callbackBody.trim(),
    host: typed(fields.callbackHost),
    bodyType: fields.callbackType,
    vars: recordOf(fields.callbackVars),
  });
}

/** In bit/s. Text that isn't a number becomes a value that main rejects with the allowed range. */
function bitsOf(kilobytes: string): number | undefined {
  if (kilobytes.trim() === '') return undefined;
  const bits = Math.round(numberIn(kilobytes) * 8192);
  return Number.isSafeInteger(bits) ? bits : -1;
}

function numberIn(text: string): number {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : -1;
}

function typed(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

function recordOf(pairs: readonly NameValue[]): Record<string, string> | undefined {
  const named = pairs.filter(({ name }) => name.trim() !== '');
  return named.length === 0
    ? undefined
    : Object.fromEntries(named.map(({ name, value }) => [name.trim(), value.trim()]));
}

function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function orNothing<T extends object>(options: T): T | undefined {
  const kept = given(options);
  return Object.keys(kept).length === 0 ? undefined : kept;
}

const problemMessages: Readonly<Record<string, MessageKey>> = {
  'traffic-limit': 'share.problem.traffic-limit',
  'ip-address': 'share.problem.ip-address',
  'subnet-mask': 'share.problem.subnet-mask',
  'needs-source-ip': 'share.problem.ip-address',
  'vpc-id': 'share.problem.vpc-id',
  'http-date': 'share.problem.http-date',
  'content-type': 'share.problem.content-type',
  'content-md5': 'share.problem.content-md5',
  'not-ascii': 'share.problem.not-ascii',
  'control-character': 'share.problem.control-character',
  'meta-name': 'share.problem.meta-name',
  'header-name': 'share.problem.meta-name',
  'meta-too-long': 'share.problem.meta-too-long',
  'too-many-tags': 'share.problem.too-many-tags',
  'tag-name': 'share.problem.tag-name',
  'tag-value': 'share.problem.tag-value',
  'tag-character': 'share.problem.tag-character',
  'size-range': 'request.problem.size',
  'ticket-size': 'request.problem.ticket-size',
  'object-too-large': 'request.problem.ticket-size',
  'large-count': 'request.problem.large',
  'form-slots': 'request.problem.slots',
  'form-types': 'request.problem.types',
  'form-filename': 'request.problem.filename',
  'key-empty': 'request.problem.name',
  'slot-count': 'share.problem.slot-count',
  'slot-name-control': 'share.problem.slot-name-control',
  'slot-name-key': 'share.problem.slot-name-key',
  'slot-name-path': 'share.problem.slot-name-path',
  'slot-name-twice': 'share.problem.slot-name-twice',
  'callback-url': 'share.problem.callback-url',
  'callback-body': 'share.problem.callback-body',
  'callback-host': 'share.problem.callback-host',
  'callback-var': 'share.problem.callback-var',
  'callback-var-too-long': 'share.problem.callback-var-too-long',
};

/** The problem of a value, and what would be valid; null if there is none. */
export function problemText(problem: InputFailure, messages: Pick<Messages, 'text'>): string;
export function problemText(problem: InputFailure | null | undefined, messages: Pick<Messages, 'text'>): string | null;
export function problemText(problem: InputFailure | null | undefined, { text }: Pick<Messages, 'text'>): string | null {
  if (problem === null || problem === undefined) return null;
  const { field, rule, limit } = problem;
  const key = own(problemMessages, rule);
  if (key !== undefined) return text(key, { limit: limit ?? '' });
  return limit === undefined
    ? text('share.problem.other', { field })
    : text('share.problem.other.limit', { field, limit });
}
