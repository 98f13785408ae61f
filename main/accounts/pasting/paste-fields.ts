import { parseEndpoint, regionOfHost } from '../../oss/endpoint.ts';
import type { Account } from '../account.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS, ROLE_ARN, SESSION_NAME } from '../sts/sts-limits.ts';

/** The format in which credentials were pasted. */
export type PastedSource = 'sts-json' | 'environment' | 'aliyun-cli' | 'ossutil' | 'auth-code' | 'grant';

/** Credentials found in pasted text, with the settings that came with them. They never leave the main process. */
export interface PastedCredentials {
  readonly source: PastedSource;
  /** The name of the profile, if any. */
  readonly name: string | null;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
  /** Unix milliseconds; null if the text doesn't say. */
  readonly validUntil: number | null;
  /** As written in the text. */
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly startPath: Account['startPath'];
  readonly role: Account['role'];
}

/** Values as written, by normalised field name (see normalizeName()). */
export type Fields = ReadonlyMap<string, string>;

/** The result of reading one group of fields. */
type Candidate =
  | { readonly kind: 'credentials'; readonly credentials: PastedCredentials }
  | { readonly kind: 'incomplete'; readonly missing: 'accessKeyId' | 'accessKeySecret' }
  | { readonly kind: 'nothing' };

/** Normalised names of each field, in order of precedence, from all supported formats. */
const names = {
  accessKeyId: ['accesskeyid', 'id', 'ak', 'accesskey'],
  accessKeySecret: ['accesskeysecret', 'secret', 'sk', 'secretaccesskey', 'secretkey'],
  securityToken: ['securitytoken', 'sessiontoken', 'ststoken', 'stoken', 'token'],
  validUntil: ['expiration', 'stsexpiration', 'validuntil'],
  endpoint: ['endpoint'],
  region: ['region', 'regionid'],
} as const;

/** Field names that identify credentials: the other spellings also occur elsewhere. */
export const identifyingNames: readonly string[] = [
  ...names.accessKeyId.slice(0, 1),
  ...names.accessKeySecret.slice(0, 2),
];

/** Reads credentials from a group of fields. Invalid optional fields are ignored. */
export function toCredentials(source: PastedSource, written: Fields): Candidate {
  const fields = usedByMode(written);
  const accessKeyId = valueOf(fields, names.accessKeyId, 128);
  const accessKeySecret = valueOf(fields, names.accessKeySecret, 256);
  if (accessKeyId === null && accessKeySecret === null) return { kind: 'nothing' };
  if (accessKeyId === null) return { kind: 'incomplete', missing: 'accessKeyId' };
  if (accessKeySecret === null) return { kind: 'incomplete', missing: 'accessKeySecret' };
  const endpoint = endpointIn(fields);
  const credentials = {
    source,
    name:
      fields
        .get('name')
        ?.replace(/\p{Control}/gu, '')
        .trim()
        .slice(0, 80) ?? null,
    accessKeyId,
    accessKeySecret,
    securityToken: valueOf(fields, names.securityToken, 8192),
    validUntil: parseTime(valueOf(fields, names.validUntil, 64)),
    endpoint,
    region: regionIn(fields, endpoint),
    startPath: startPathIn(fields.get('osspath')),
    role: roleIn(fields),
  };
  return { kind: 'credentials', credentials };
}

/** Fields that a profile of the aliyun CLI doesn't use in its mode, whatever an earlier mode left in them. */
const unusedByMode: Readonly<Record<string, readonly string[]>> = {
  ak: ['ststoken', 'stsexpiration', 'ramrolearn', 'ramsessionname'],
  ststoken: ['ramrolearn', 'ramsessionname'],
  cloudsso: ['ramrolearn', 'ramsessionname'],
  oauth: ['ramrolearn', 'ramsessionname'],
  ramrolearn: ['stsexpiration'],
};

/** @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go */
function usedByMode(fields: Fields): Fields {
  const unused = unusedByMode[fields.get('mode')?.trim().toLowerCase() ?? ''] ?? [];
  return new Map([...fields].filter(([name]) => !unused.includes(name)));
}

/** The profile name of a candidate. */
export function nameOf(candidate: Candidate): string | null {
  return candidate.kind === 'credentials' ? candidate.credentials.name : null;
}

/** The first non-empty field of these names; null unless it is visible ASCII of at most `maxLength` characters. */
function valueOf(fields: Fields, wanted: readonly string[], maxLength: number): string | null {
  for (const name of wanted) {
    const value = fields.get(name)?.trim();
    if (value !== undefined && value !== '')
      return value.length <= maxLength && /^[\x21-\x7e]+$/.test(value) ? value : null;
  }
  return null;
}

/** Parses an ISO 8601 time, or Unix seconds as the aliyun CLI writes them. */
function parseTime(text: string | null): number | null {
  if (text === null) return null;
  const time = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isSafeInteger(time) && time > 0 ? time : null;
}

function endpointIn(fields: Fields): string | null {
  const written = valueOf(fields, names.endpoint, 300);
  if (written === null) return null;
  try {
    parseEndpoint(written);
    return written;
  } catch {
    return null;
  }
}

function regionIn(fields: Fields, endpoint: string | null): string | null {
  const named = valueOf(fields, names.region, 64)?.replace(/^oss-/, '') ?? null;
  const ofHost = endpoint === null ? null : regionOfHost(parseEndpoint(endpoint).host);
  return ofHost ?? (named !== null && /^[\w-]+$/.test(named) ? named : null);
}

/** Parses `oss://bucket/prefix`, as oss-browser writes it. */
function startPathIn(text: string | undefined): Account['startPath'] {
  const match = /^oss:\/\/([a-z0-9-]{3,63})\/?([^\0]*)$/.exec(text ?? '');
  const [, bucket, prefix = ''] = match ?? [];
  return bucket === undefined || prefix.length > 1023 ? null : { bucket, prefix };
}

/** The role that a profile of the aliyun CLI assumes, with defaults for invalid settings. */
function roleIn(fields: Fields): Account['role'] {
  const roleArn = fields.get('ramrolearn') ?? fields.get('rolearn') ?? '';
  if (!ROLE_ARN.test(roleArn)) return null;
  const sessionName = fields.get('ramsessionname') ?? fields.get('rolesessionname') ?? '';
  const seconds = Number(fields.get('expiredseconds') ?? 3600);
  return {
    roleArn,
    sessionName: SESSION_NAME.test(sessionName) ? sessionName : 'waybill',
    durationSeconds:
      Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS ? seconds : 3600,
  };
}
