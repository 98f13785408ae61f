import { parseEndpoint, regionOfHost } from '../../oss/endpoint.ts';
import { own } from '../../own.ts';
import type { Account } from '../account.ts';
import { EXTERNAL_ID, MAX_SESSION_SECONDS, MIN_SESSION_SECONDS, ROLE_ARN, SESSION_NAME } from '../sts/sts-limits.ts';
import { variableOf } from './variables.ts';

/** The format in which credentials were pasted. */
export type PastedSource =
  'sts-json' | 'environment' | 'aliyun-cli' | 'ossutil' | 'auth-code' | 'grant' | 'table' | 'program';

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

/** What is wrong with credentials in a text; those with `token-missing` are read all the same. */
export type PasteProblem =
  | 'missing-secret'
  | 'missing-id'
  /** Temporary credentials without their security token. */
  | 'token-missing'
  /** A profile holds nothing that works elsewhere, such as the role of an ECS instance. */
  | 'unsupported-mode'
  /** A value isn't in the text, which names the variable that holds it. */
  | 'in-variable'
  /** A value has a character that no HTTP header can carry, or is too long. */
  | 'illegal-character';

/** The result of reading one group of fields. */
export type Candidate =
  | {
      readonly kind: 'credentials';
      readonly credentials: PastedCredentials;
      readonly problem: 'token-missing' | null;
    }
  | { readonly kind: 'left-out'; readonly problem: PasteProblem; readonly variables?: readonly string[] }
  | { readonly kind: 'nothing' };

/** Normalised names of each field, in order of precedence, from all supported formats. */
const names = {
  accessKeyId: ['accesskeyid', 'id', 'ak', 'accesskey'],
  accessKeySecret: ['accesskeysecret', 'secretaccesskey', 'secret', 'sk', 'secretkey'],
  securityToken: ['securitytoken', 'sessiontoken', 'ststoken', 'stoken', 'token'],
  validUntil: ['expiration', 'stsexpiration', 'validuntil'],
  endpoint: ['endpoint'],
  region: ['region', 'regionid'],
  roleArn: ['ramrolearn', 'rolearn'],
  sessionName: ['ramsessionname', 'rolesessionname', 'sessionname'],
  externalId: ['externalid'],
  durationSeconds: ['expiredseconds', 'durationseconds', 'rolesessionexpiration'],
  mode: ['mode', 'type'],
} as const;

/** Names of key fields that mean nothing else: `id`, `token` and others also occur elsewhere. */
export const identifyingNames: readonly string[] = [
  ...names.accessKeyId.slice(0, 1),
  ...names.accessKeySecret.slice(0, 2),
  ...names.securityToken.slice(0, 3),
];

const knownNames: ReadonlySet<string> = new Set(Object.values(names).flat());

const role = [...names.roleArn, ...names.sessionName, ...names.externalId, ...names.durationSeconds];

/** The fields that a mode of the aliyun CLI or of ossutil, or a type of the SDKs, leaves unused. */
const unusedByMode: Readonly<Record<string, readonly string[]>> = {
  ak: [...names.securityToken, ...names.validUntil, ...role],
  accesskey: [...names.securityToken, ...names.validUntil, ...role],
  ststoken: role,
  sts: role,
  cloudsso: role,
  oauth: role,
  ramrolearn: names.validUntil,
};

/** Modes and types whose credentials come from a machine, a program or a service. */
const unsupportedModes: ReadonlySet<string> = new Set([
  ...['ecsramrole', 'ramrolearnwithrolename', 'chainableramrolearn', 'rsakeypair', 'external', 'process'],
  ...['credentialsuri', 'oidc', 'oidcrolearn', 'bearertoken', 'bearer', 'anonymous'],
]);

/** Normalises a field name: lower case without `_`, `-` and blanks, so that all spellings are equal. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** Whether a field of this normalised name is read. */
export function isKnown(name: string): boolean {
  return knownNames.has(name);
}

/** Whether fields are those of credentials, or of a profile without any. */
export function isAccount(fields: Fields): boolean {
  const has = (name: string): boolean => (fields.get(name) ?? '') !== '';
  const hasKey = ['accesskeyid', 'accesskeysecret', 'secretaccesskey'].some(has);
  const isPair = names.accessKeyId.some(has) && names.accessKeySecret.some(has);
  return hasKey || isPair || (fields.has('name') && isElsewhere(modeOf(fields), fields));
}

/** Whether fields include an AccessKey ID or a secret. */
export function hasKeyField(fields: Fields): boolean {
  return [...names.accessKeyId, ...names.accessKeySecret].some((name) => fields.has(name));
}

/** Whether fields include a security token. */
export function hasToken(fields: Fields): boolean {
  return names.securityToken.some((name) => (fields.get(name) ?? '') !== '');
}

/** Whether an AccessKey ID is one of STS, which works with its security token alone. */
export function isTemporary(fields: Fields): boolean {
  return (textOf(fields, names.accessKeyId) ?? '').startsWith('STS.');
}

/** Reads credentials from a group of fields. Invalid optional fields are ignored. */
export function toCredentials(source: PastedSource, written: Fields): Candidate {
  const mode = modeOf(written);
  const fields = new Map([...written].filter(([name]) => !(own(unusedByMode, mode) ?? []).includes(name)));
  if (isElsewhere(mode, fields)) return { kind: 'left-out', problem: 'unsupported-mode' };
  const accessKeyId = textOf(fields, names.accessKeyId);
  const accessKeySecret = textOf(fields, names.accessKeySecret);
  const securityToken = textOf(fields, names.securityToken);
  if ((accessKeyId ?? accessKeySecret) === null) return { kind: 'nothing' };
  const flaw = misplacedIn(accessKeyId, accessKeySecret) ?? flawIn(accessKeyId, accessKeySecret, securityToken);
  if (flaw !== null) return flaw;
  if (accessKeyId === null) return { kind: 'left-out', problem: 'missing-id' };
  if (accessKeySecret === null) return { kind: 'left-out', problem: 'missing-secret' };
  const credentials = { source, accessKeyId, accessKeySecret, securityToken, ...settingsIn(fields) };
  const isTokenMissing = securityToken === null && (isTemporary(fields) || ['ststoken', 'sts'].includes(mode));
  return { kind: 'credentials', credentials, problem: isTokenMissing ? 'token-missing' : null };
}

/** Why values can't be those of credentials. */
function flawIn(id: string | null, secret: string | null, token: string | null): Candidate | null {
  const variables = [id, secret, token].flatMap((value) => variableOf(value) ?? []);
  if (variables.length > 0) return { kind: 'left-out', problem: 'in-variable', variables };
  const areSendable = isSendable(id, 128) && isSendable(secret, 256) && isSendable(token, 8192);
  return areSendable ? null : { kind: 'left-out', problem: 'illegal-character' };
}

/**
 * A secret where the ID belongs, or a token: the ID is shown and stored, so that it has to look like one where something
 * else clearly isn't what it should be.
 */
function misplacedIn(id: string | null, secret: string | null): Candidate | null {
  if (isToken(id) || isKeyId(secret)) return { kind: 'left-out', problem: 'missing-id' };
  return isToken(secret) ? { kind: 'left-out', problem: 'missing-secret' } : null;
}

/** Whether a value begins as the AccessKey IDs of users and of STS do. */
export function isKeyId(value: string | null): boolean {
  return value !== null && /^(?:LTAI|STS\.)/.test(value);
}

/** Whether a value is a security token: those of STS begin alike, and are far longer than any secret. */
function isToken(value: string | null): boolean {
  return value !== null && value.startsWith('CAI') && value.length > 64;
}

/**
 * The mode of a profile, normalised; empty for none.
 * @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go
 * @see https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials
 */
function modeOf(fields: Fields): string {
  return normalizeName(textOf(fields, names.mode) ?? '');
}

/** Whether the credentials of a profile aren't in its text. CloudSSO and OAuth leave their latest session there. */
function isElsewhere(mode: string, fields: Fields): boolean {
  const session = [names.accessKeyId, names.accessKeySecret, names.securityToken];
  const hasSession = session.every((field) => textOf(fields, field) !== null);
  return unsupportedModes.has(mode) || ((mode === 'cloudsso' || mode === 'oauth') && !hasSession);
}

function settingsIn(fields: Fields) {
  const endpoint = endpointIn(fields);
  return {
    name:
      fields
        .get('name')
        ?.replace(/\p{Control}/gu, '')
        .trim()
        .slice(0, 80) ?? null,
    validUntil: parseTime(textOf(fields, names.validUntil)),
    endpoint,
    region: regionIn(fields, endpoint),
    startPath: startPathIn(fields.get('osspath')),
    role: roleIn(fields),
  };
}

/** The first non-empty field of these names. */
function textOf(fields: Fields, wanted: readonly string[]): string | null {
  for (const name of wanted) {
    const value = fields.get(name)?.trim() ?? '';
    if (value !== '') return value;
  }
  return null;
}

/** Whether a header can carry a value: visible ASCII of at most `maxLength` characters. */
function isSendable(value: string | null, maxLength: number): boolean {
  return value === null || (value.length <= maxLength && /^[\x21-\x7e]+$/.test(value));
}

/** Parses an ISO 8601 time, or Unix seconds as the aliyun CLI writes them. */
function parseTime(text: string | null): number | null {
  if (text === null || text.length > 64) return null;
  const time = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isSafeInteger(time) && time > 0 ? time : null;
}

function endpointIn(fields: Fields): string | null {
  const written = textOf(fields, names.endpoint);
  if (written === null || !isSendable(written, 300)) return null;
  try {
    parseEndpoint(written);
    return written;
  } catch {
    return null;
  }
}

function regionIn(fields: Fields, endpoint: string | null): string | null {
  const written = textOf(fields, names.region)?.replace(/^oss-/, '') ?? null;
  if (written !== null && /^[\w-]{1,64}$/.test(written)) return written;
  return endpoint === null ? null : regionOfHost(parseEndpoint(endpoint).host);
}

/** Parses `oss://bucket/prefix`, as oss-browser writes it. */
function startPathIn(text: string | undefined): Account['startPath'] {
  const match = /^oss:\/\/([a-z0-9-]{3,63})\/?([^\0]*)$/.exec(text ?? '');
  const [, bucket, prefix = ''] = match ?? [];
  return bucket === undefined || prefix.length > 1023 ? null : { bucket, prefix };
}

/** The role that a profile assumes, with defaults for invalid settings. */
function roleIn(fields: Fields): Account['role'] {
  const roleArn = textOf(fields, names.roleArn) ?? '';
  if (!ROLE_ARN.test(roleArn)) return null;
  const sessionName = textOf(fields, names.sessionName) ?? '';
  const externalId = textOf(fields, names.externalId) ?? '';
  const seconds = Number(textOf(fields, names.durationSeconds) ?? 3600);
  return {
    roleArn,
    sessionName: SESSION_NAME.test(sessionName) ? sessionName : 'waybill',
    durationSeconds:
      Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS ? seconds : 3600,
    ...(EXTERNAL_ID.test(externalId) ? { externalId } : {}),
  };
}
