import type { Failure } from '../../failure.ts';
import { formatBytes } from '../../words/format.ts';
import { shown } from './output.ts';

type Words = { readonly [K in Failure['kind']]: (failure: Extract<Failure, { kind: K }>) => string };
type Reasons<K extends 'file' | 'network' | 'credentials' | 'link' | 'keychain'> = Readonly<
  Record<Extract<Failure, { kind: K }>['reason'], string>
>;

const files: Reasons<'file'> = {
  missing: 'does not exist. Check the path.',
  denied: 'may not be read or written by this user. Change its permissions, or choose another place.',
  full: 'does not fit: the disk is full. Free some space and try again: it goes on where it stopped.',
  changed: 'changed while it was read. Nothing was stored; try again when it holds still.',
  'bad-name': 'has a name that cannot be used here (not UTF-8, or too long). Rename it and try again.',
  exists: 'exists already and was left as it is. Choose another name, or add --force.',
  'not-a-file': 'is not a file. Name a file; for a folder add --recursive.',
  'read-error': 'could not be read or written: the disk reports an error. Check the disk.',
};

const networks: Reasons<'network'> = {
  offline: 'there is no network. Connect and try again.',
  dns: 'the name of the server was not found. Check --endpoint, --region and the network.',
  refused: 'the server refused the connection. Check --endpoint and whether the server is running.',
  timeout: 'the server did not answer in time. Try again.',
  reset: 'the connection broke again and again. Try again.',
  tls: "the server's certificate is not trusted. Check --endpoint; for a server without TLS write http://.",
  proxy: 'the proxy refused, or is not there. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
  'proxy-password':
    'the proxy wants a user name and a password, or others. Write them in HTTPS_PROXY: http://user:password@host:port.',
};

const credentials: Reasons<'credentials'> = {
  missing: 'there are no credentials. Set OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET.',
  'expired-token': 'the security token has expired. Get new temporary credentials and set OSS_SESSION_TOKEN again.',
  'invalid-key': 'this AccessKey ID does not exist or is disabled. Check OSS_ACCESS_KEY_ID.',
  'wrong-secret':
    'the signature does not match: the AccessKey secret is wrong. Check OSS_ACCESS_KEY_SECRET and --region.',
  denied: 'these credentials may not do this. Ask the owner for the permission.',
  'role-refused': 'the role may not be assumed. Check its trust policy.',
  'clock-skew': 'the clock of this computer is wrong by more than 15 minutes. Set it right and try again.',
};

const links: Reasons<'link'> = {
  expired: 'the link has expired. Ask its sender for a new one.',
  'not-yet-valid': 'the link is not valid yet. Wait, or check the clock of this computer.',
  refused:
    'OSS refuses the link: it was made for another method, or for headers that were not sent the same. Ask its sender which method and headers it needs.',
  malformed: 'the link is damaged. Copy it again, from its first to its last character.',
  foreign: 'this is no signed OSS link.',
};

const inputs: Readonly<Record<string, string>> = {
  'key-empty': 'the key is empty. Write oss://bucket/key.',
  'key-too-long': 'the key is longer than 1023 bytes. Choose a shorter one.',
  'key-leading-slash': 'a key may not begin with / or \\. Leave it away.',
  'key-not-unicode': 'the key is not valid Unicode. Rename it.',
  'bucket-name': 'this is no bucket name: 3 to 63 lower-case letters, digits and hyphens.',
  'endpoint-format': 'this is no endpoint. Write https://host, without bucket and path.',
  'endpoint-port': 'the port of the endpoint is not one.',
  'expires-too-long':
    'a V4 link is valid for 604800 seconds (7 days) at most. Choose less; for an old bucket that still takes it, --sign-version v1 has no limit.',
  'expires-too-short': 'the validity must be 1 second or more.',
  'version-on-put': 'a PUT makes a new version, so it takes no version ID. Leave it away.',
  'traffic-limit': 'x-oss-traffic-limit must be from 819200 to 838860800 bit/s (100 KB/s to 100 MB/s).',
  'put-only': 'this header belongs to an upload. Add --method PUT, or leave it away.',
  'get-only': 'this parameter is for reading. Leave it away, or make the link for GET.',
  'not-ascii': 'a header may hold printable ASCII only. Encode the value.',
  'slot-name-control': 'a slot name holds a line break or another control character. Take it out.',
  'slot-name-empty': 'a slot has no name. Take out the comma too many.',
  'slot-name-key': 'with its prefix, a slot name is no key that OSS takes. Shorten it.',
  'slot-name-path': 'a slot name may hold folders, but no empty part and no . or .. as one.',
  'slot-name-twice': 'two slots have the same name. Give each its own.',
  'manifest-not-json': 'the manifest is damaged. Ask its sender for it again.',
  'manifest-format': 'the manifest is damaged. Ask its sender for it again.',
  'manifest-link': 'the manifest holds something that is no signed OSS link. Ask its sender for it again.',
  'signature-field': 'this name belongs to the signature itself and may not be set.',
  'v4-only': 'Signature V1 binds only Content-Type, Content-MD5 and x-oss-* headers. Leave the others away, or use v4.',
  'object-too-large': 'an object may have 48.8 TB at most.',
  'put-too-large': 'one upload through a link may have 5 GB at most. Ask for temporary credentials instead.',
  'policy-not-json': 'the policy is no JSON. Check its brackets, quotes and commas.',
  'policy-shape':
    'the policy is JSON, but no policy: it needs "Version": "1" and a list "Statement". See --show-policy.',
  'policy-too-long':
    'the policy is longer than a session policy may be, blanks not counted. Grant fewer names at once.',
  'policy-refused': 'STS does not take the policy. Compare it with --show-policy.',
  'session-too-long':
    'the role allows no session of this length. Choose a shorter --duration, or raise the maximum of the role in the RAM console. STS allows',
  'role-arn': 'this is no role: write acs:ram::<account ID>:role/<name>.',
  'region-missing': 'the region is missing. Add --region.',
};

const words: Words = {
  input: ({ field, rule, limit }) =>
    (inputs[rule] ?? `${field} is not valid (${rule}).`) + (limit === undefined ? '' : ` (${shown(limit)})`),
  link: ({ reason, at }) => links[reason] + (at === undefined ? '' : ` (It ended at ${new Date(at).toISOString()}.)`),
  credentials: ({ reason, message }) =>
    credentials[reason] + (message === undefined ? '' : ` OSS says: ${shown(message)}`),
  oss: (failure) => ossWords(failure),
  network: ({ reason, host }) => `${host === undefined ? '' : `${host}: `}${networks[reason]}`,
  file: ({ reason, path, space }) =>
    `${shown(path)} ${files[reason]}` +
    (space === undefined
      ? ''
      : ` (${formatBytes(space.neededBytes, 'en')} needed, ${formatBytes(space.freeBytes, 'en')} free.)`),
  integrity: ({ expected, actual }) =>
    `the copy is damaged (CRC-64 ${actual} instead of ${expected}) and was thrown away, the original is safe. Try again; if it happens again, check network and memory.`,
  keychain: ({ reason }) => `the keychain is not usable (${reason}).`,
  cancelled: () => 'stopped.',
  bug: ({ logId }) => `something went wrong that should not (${logId}). Please report it.`,
};

/** What happened, why, and what to do next; with OSS's Code, EC and RequestId where there are any. */
export function failureWords(failure: Failure): string {
  // TypeScript cannot see that the words found by the kind take this failure.
  const text = (words[failure.kind] as (failure: Failure) => string)(failure);
  return text + codes(failure);
}

function ossWords({ status, code, message, endpoint }: Extract<Failure, { kind: 'oss' }>): string {
  if (endpoint !== undefined) return `the bucket is at another endpoint. Add --endpoint ${shown(endpoint)}.`;
  switch (code) {
    case 'NoSuchBucket':
      return 'there is no such bucket. Check its name, --endpoint and --region.';
    case 'NoSuchKey':
    case 'NotFound':
      return 'there is no such object. Check its key with "ls"; keys are case-sensitive.';
    case 'ChangedSinceShared':
      return 'the object is no longer the one that was shared. Ask its sender for a new link.';
    case 'NoSuchVersion':
      return 'there is no such version. See "ls --versions".';
    case 'FileAlreadyExists':
      return 'the object exists already and was left as it is. Choose another key, or leave --forbid-overwrite away.';
    default:
      return `${shown(message)}${status >= 500 ? ' This passes; try again later.' : ' Change what was asked for.'}`;
  }
}

function codes(failure: Failure): string {
  const parts = [
    'code' in failure ? `Code: ${failure.code}` : null,
    'ec' in failure ? `EC: ${failure.ec}` : null,
    'requestId' in failure ? `RequestId: ${failure.requestId}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `\n${shown(parts.join('  '))}`;
}
