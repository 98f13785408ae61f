import type { Failure } from '../failure.ts';
import { own } from '../own.ts';
import { formatBytes } from './format.ts';
import type { MessageKey } from './locales.ts';
import type { Translator } from './translator.ts';

type InputFailure = Extract<Failure, { readonly kind: 'input' }>;
/** Names with a message of what is wrong, and one with `.next` of what to do. */
type InputName =
  Extract<MessageKey, `failure.input.${string}.next`> extends `failure.input.${infer Name}.next` ? Name : never;

/** Rules that have words of their own; main knows more of them than a person needs told apart. */
const names: Readonly<Record<string, InputName>> = {
  required: 'required',
  unknown: 'unknown',
  'endpoint-format': 'endpoint',
  'endpoint-port': 'endpoint',
  'endpoint-unknown': 'endpoint',
  'endpoint-cloudbox': 'cloudbox',
  'host-not-in-region': 'host-not-in-region',
  'region-missing': 'region',
  'region-format': 'region',
  'region-contradicts': 'region-contradicts',
  'needed-with-cname': 'cname',
  'bucket-name': 'bucket-name',
  'key-empty': 'key',
  'key-too-long': 'key',
  'key-leading-slash': 'key',
  'key-not-unicode': 'key',
  pattern: 'pattern',
  'copy-onto-itself': 'copy-onto-itself',
  'copy-into-itself': 'copy-into-itself',
  'object-too-large': 'too-large',
  'put-too-large': 'too-large',
  'ticket-https': 'ticket-https',
  'ticket-size': 'ticket-size',
  'ticket-damaged': 'ticket-damaged',
  'ticket-too-large': 'ticket-damaged',
  'ticket-claims': 'ticket-claims',
  'ticket-too-small': 'ticket-too-small',
  'other-account': 'other-account',
  'source-too-long': 'source-long',
  'sources-off': 'sources-off',
  'session-too-long': 'session-long',
  'role-arn': 'role-arn',
  'session-name': 'session-name',
  'no-role': 'no-role',
  'policy-not-json': 'policy',
  'policy-shape': 'policy',
  'policy-too-long': 'policy',
  'policy-refused': 'policy',
  'passphrase-too-short': 'passphrase-short',
  'passphrase-too-weak': 'passphrase-weak',
  'wrong-passphrase': 'passphrase',
  'grant-damaged': 'grant-damaged',
  'grant-too-large': 'grant-damaged',
  'manifest-not-json': 'manifest',
  'manifest-format': 'manifest',
  'manifest-link': 'manifest-link',
  'manifest-too-large': 'manifest-large',
  'upload-request-not-json': 'manifest',
  'upload-request-format': 'manifest',
  'upload-request-link': 'manifest-link',
  'file-claims': 'file-claims',
  'grant-version': 'grant-version',
  'no-certificate': 'no-certificate',
  'path-not-granted': 'path-not-granted',
  'start-place': 'start-place',
  'app-locked': 'app-locked',
  'lock-passphrase': 'lock-passphrase',
  'lock-wait': 'lock-wait',
  'too-many-tags': 'tags',
  'tag-twice': 'tags',
  'tag-name': 'tags',
  'tag-value': 'tags',
  'tag-character': 'tags',
  'tag-format': 'tags',
  'credential-character': 'credential-character',
  'token-missing': 'token-missing',
  'meta-name': 'meta',
  'meta-too-large': 'meta',
  'not-ascii': 'header',
  'http-date': 'header-date',
  'symlink-fixed': 'symlink',
  'version-fixed': 'version',
  'page-over-http': 'page-http',
  'changed-meanwhile': 'changed-meanwhile',
  'cors-full': 'cors-full',
  'bucket-policy-full': 'bucket-policy-full',
  'bucket-policy-source-ip': 'bucket-policy-source-ip',
  'bucket-policy-unreadable': 'bucket-policy-unreadable',
  'deny-whole-bucket': 'deny-whole-bucket',
  'form-key-id': 'form-key-id',
  'form-file': 'form-file',
  'form-ended': 'form-ended',
  'form-host': 'form-host',
  'form-signature': 'form-signature',
  'cors-too-large': 'cors-full',
  'cdn-oss-host': 'cdn-domain',
  'cdn-key': 'cdn-key',
  'cdn-no-key': 'cdn-no-key',
  'cdn-no-query': 'cdn-query',
  'access-who': 'access-who',
  'access-end': 'access-end',
  'access-everyone': 'access-everyone',
  'access-vpc': 'access-vpc',
  'access-blocked': 'access-blocked',
  'access-gone': 'access-gone',
  'no-program': 'no-program',
  'program-start': 'program-start',
  'symlink-edited': 'symlink-edited',
  'too-many-opened': 'too-many-opened',
};

/** What to add for somebody who can help; nothing where there are words for the rule. */
export function inputDetail({ rule, field }: InputFailure): string | undefined {
  return Object.hasOwn(names, rule) ? undefined : `${field}: ${rule}`;
}

/** What is wrong with an entry, and what to do next. */
export function inputMessage(
  { rule, field, limit = '' }: InputFailure,
  { text, locale }: Translator,
): { readonly title: string; readonly next: string } {
  // The contract has a limit too, before a rule of OSS can be asked.
  const isLongKey = rule === 'too_big' && (field === 'key' || field === 'prefix');
  const name = isLongKey ? 'key' : (own(names, rule) ?? 'any');
  const shown = rule === 'ticket-too-small' ? formatBytes(Number(limit), locale) : limit;
  return { title: text(`failure.input.${name}`), next: text(`failure.input.${name}.next`, { field, limit: shown }) };
}
