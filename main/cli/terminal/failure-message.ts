import type { Failure } from '../../failure.ts';
import { own } from '../../own.ts';
import { failureText } from '../../words/failure-text.ts';
import { formatBytes } from '../../words/format.ts';
import { inputDetail } from '../../words/input-message.ts';
import type { MessageKey } from '../../words/locales.ts';
import { escapeControls } from '../../words/controls.ts';
import { isThroughLink, type Refusal, sentenceOfOss } from '../../words/refusal-text.ts';
import { sentences, text } from './sentences.ts';

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;
type ByReason<K extends 'file' | 'network'> = Readonly<Partial<Record<KindOf<K>['reason'], MessageKey>>>;

/** What to do next about an account's own request, if the window's advice names a button or a setting. */
const causeNext = [
  ...[
    'archived',
    'denied-by-policy',
    'exists',
    'missing',
    'needs-custom-domain',
    'no-such-bucket',
    'no-such-key',
    'no-such-version',
  ],
  ...['no-token', 'token-expired', 'token-mismatch', 'v1-refused', 'wrong-endpoint', 'wrong-key'],
  ...['wrong-region-signature', 'wrong-secret'],
] as const satisfies readonly Refusal['cause'][];

const fileNext: ByReason<'file'> = {
  exists: 'cli.next.file.exists',
  missing: 'cli.next.file.missing',
  'not-a-file': 'cli.next.file.not-a-file',
};

const networkNext: ByReason<'network'> = {
  dns: 'cli.next.network.dns',
  refused: 'cli.next.network.refused',
  tls: 'cli.next.network.tls',
  proxy: 'cli.next.network.proxy',
  'proxy-password': 'cli.next.network.proxy-password',
};

/** Rules of options, in sentences that name the option. */
const rules: Readonly<Record<string, MessageKey>> = {
  'access-gone': 'cli.rule.access-gone',
  'changed-since-compared': 'cli.rule.changed-since-compared',
  'domain-choice': 'cli.rule.domain-choice',
  'domain-http': 'cli.rule.domain-http',
  'key-empty': 'cli.rule.key-empty',
  'endpoint-format': 'cli.rule.endpoint',
  'endpoint-port': 'cli.rule.endpoint',
  'endpoint-unknown': 'cli.rule.endpoint',
  'expires-too-long': 'cli.rule.expires-too-long',
  'expires-too-short': 'cli.rule.expires-too-short',
  'version-on-put': 'cli.rule.version-on-put',
  'traffic-limit': 'cli.rule.traffic-limit',
  'put-only': 'cli.rule.put-only',
  'get-only': 'cli.rule.get-only',
  'content-type': 'cli.rule.content-type',
  'form-filename': 'cli.rule.form-filename',
  'form-prefix': 'cli.rule.form-prefix',
  'form-slots': 'cli.rule.form-slots',
  'form-types': 'cli.rule.form-types',
  'size-range': 'cli.rule.size-range',
  'slot-name-control': 'cli.rule.slot-name-control',
  'slot-name-empty': 'cli.rule.slot-name-empty',
  'slot-name-key': 'cli.rule.slot-name-key',
  'slot-name-path': 'cli.rule.slot-name-path',
  'slot-name-twice': 'cli.rule.slot-name-twice',
  'signature-field': 'cli.rule.signature-field',
  'v4-only': 'cli.rule.v4-only',
  'put-too-large': 'cli.rule.put-too-large',
  'policy-not-json': 'cli.rule.policy-not-json',
  'policy-shape': 'cli.rule.policy-shape',
  'policy-too-long': 'cli.rule.policy-too-long',
  'policy-refused': 'cli.rule.policy-refused',
  'passphrase-too-weak': 'cli.rule.passphrase-too-weak',
  'revocable-too-long': 'cli.rule.revocable-too-long',
  'session-too-long': 'cli.rule.session-too-long',
  'role-arn': 'cli.rule.role-arn',
  'region-missing': 'cli.rule.region-missing',
  'region-format': 'cli.rule.region-format',
  'region-contradicts': 'cli.rule.region-contradicts',
};

/** What happened and what to do next, in one line; then OSS's own sentence, and its Code, EC and RequestId. */
export function failureMessage(failure: Failure): string {
  return [sentenceOf(failure), quoteOf(failure), codesOf(failure)].filter((line) => line !== '').join('\n');
}

function sentenceOf(failure: Failure): string {
  const rule = failure.kind === 'input' ? ruleMessage(failure) : null;
  if (rule !== null) return escapeControls(rule);
  const { title, next } = { ...failureText(failure, sentences), ...wordsHere(failure) };
  const message = escapeControls(text('failure.sentences', { title, next: withDetail(next, failure) }));
  return failure.kind === 'file' ? `${escapeControls(failure.path)}: ${message}` : message;
}

/** Adds what the window shows as details: the rejected value. */
function withDetail(next: string, failure: Failure): string {
  if (failure.kind !== 'input' || failure.limit === undefined || next.includes(failure.limit)) return next;
  return text('cli.detail', { message: next, detail: failure.limit });
}

function isRefusal(failure: Failure): failure is Refusal {
  return failure.kind === 'oss' || failure.kind === 'credentials' || failure.kind === 'link';
}

function quoteOf(failure: Failure): string {
  const message = isRefusal(failure) ? sentenceOfOss(failure) : null;
  return message === null ? '' : escapeControls(text('failure.cause.other.next', { message }));
}

/** The sentence of an option's rule; null if the window's words fit. */
function ruleMessage(failure: KindOf<'input'>): string | null {
  const { field, rule, limit } = failure;
  if (rule === 'session-too-long' && limit !== undefined) return text('cli.rule.session-too-long.limit', { limit });
  const key = own(rules, rule);
  if (key !== undefined)
    return limit === undefined ? text(key) : text('cli.detail', { message: text(key), detail: limit });
  return inputDetail(failure) === undefined ? null : text('cli.rule.other', { field, rule });
}

/** Words that differ on the command line; everything else uses the window's. */
function wordsHere(failure: Failure): { readonly next?: string } {
  if (isRefusal(failure)) return refusalHere(failure);
  if (failure.kind === 'bug') return { next: text('cli.next.bug', { logId: failure.logId }) };
  if (failure.kind === 'network') return nextOf(networkNext[failure.reason]);
  if (failure.kind === 'keychain' && failure.reason === 'absent') return { next: text('cli.next.keychain.absent') };
  if (failure.kind !== 'file') return {};
  return failure.space === undefined ? nextOf(fileNext[failure.reason]) : { next: spaceMessage(failure.space) };
}

function nextOf(key: MessageKey | undefined): { readonly next?: string } {
  return key === undefined ? {} : { next: text(key) };
}

function spaceMessage({ neededBytes, freeBytes }: NonNullable<KindOf<'file'>['space']>): string {
  const { locale } = sentences;
  return text('cli.next.file.full', {
    needed: formatBytes(neededBytes, locale),
    free: formatBytes(freeBytes, locale),
  });
}

function refusalHere(refusal: Refusal): { readonly next?: string } {
  const { cause } = refusal;
  if (cause === 'header-missing') return { next: text('cli.next.cause.header-missing') };
  // The missing action says more than the advice to ask for a permission.
  if (isThroughLink(refusal) || refusal.action !== undefined || refusal.needs !== undefined) return {};
  const endpoint = (refusal.kind === 'oss' ? refusal.endpoint : undefined) ?? '';
  const found = causeNext.find((one) => one === cause);
  return found === undefined ? {} : { next: text(`cli.next.cause.${found}`, { endpoint }) };
}

/** What a source of credentials names is a setting, a file or a status; a server's own code has the ID of its request. */
function isDetail(failure: Failure): boolean {
  return failure.kind === 'credentials' && failure.source !== undefined && failure.requestId === undefined;
}

/** `Code: NoSuchKey  EC: 0026-00000001  RequestId: …`, as much of it as is known; '' for nothing. */
function codesOf(failure: Failure): string {
  const parts = [
    'code' in failure ? `${isDetail(failure) ? 'Detail' : 'Code'}: ${failure.code}` : null,
    'ec' in failure ? `EC: ${failure.ec}` : null,
    'requestId' in failure ? `RequestId: ${failure.requestId}` : null,
    failure.kind === 'integrity' ? `CRC-64: ${failure.actual}  Expected: ${failure.expected}` : null,
  ].filter((part) => part !== null);
  return escapeControls(parts.join('  '));
}
