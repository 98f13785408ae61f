import type { Failure } from '../../failure.ts';
import { failureText } from '../../words/failure-text.ts';
import { formatBytes } from '../../words/format.ts';
import { inputDetail } from '../../words/input-message.ts';
import type { MessageKey } from '../../words/locales.ts';
import { escapeControls } from './output.ts';
import { sentences, text } from './sentences.ts';

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;
type ByReason<K extends 'credentials' | 'file' | 'network'> = Readonly<
  Partial<Record<KindOf<K>['reason'], MessageKey>>
>;

/** What to do next, if the window's advice names a button or a setting. */
const credentialNext: ByReason<'credentials'> = {
  missing: 'cli.next.credentials.missing',
  'expired-token': 'cli.next.credentials.expired-token',
  'invalid-key': 'cli.next.credentials.invalid-key',
  'wrong-secret': 'cli.next.credentials.wrong-secret',
  denied: 'cli.next.credentials.denied',
};

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
  'session-too-long': 'cli.rule.session-too-long',
  'role-arn': 'cli.rule.role-arn',
  'region-missing': 'cli.rule.region-missing',
  'region-format': 'cli.rule.region-format',
};

/** What happened and what to do next, in one line; then OSS's Code, EC and RequestId where there are any. */
export function failureMessage(failure: Failure): string {
  const codes = codesOf(failure);
  return codes === '' ? sentenceOf(failure) : `${sentenceOf(failure)}\n${codes}`;
}

function sentenceOf(failure: Failure): string {
  const rule = failure.kind === 'input' ? ruleMessage(failure) : null;
  if (rule !== null) return escapeControls(rule);
  const { title, next } = { ...failureText(failure, sentences), ...wordsHere(failure) };
  const message = escapeControls(text('failure.sentences', { title, next: withDetail(next, failure) }));
  return failure.kind === 'file' ? `${escapeControls(failure.path)}: ${message}` : message;
}

/** Adds what the window shows as details: the rejected value, or what OSS says about credentials. */
function withDetail(next: string, failure: Failure): string {
  if (failure.kind === 'input' && failure.limit !== undefined) {
    return text('cli.detail', { message: next, detail: failure.limit });
  }
  if (failure.kind !== 'credentials' || failure.message === undefined) return next;
  return text('cli.detail', { message: next, detail: text('failure.oss.next', { message: failure.message }) });
}

/** The sentence of an option's rule; null if the window's words fit. */
function ruleMessage(failure: KindOf<'input'>): string | null {
  const { field, rule, limit } = failure;
  if (rule === 'session-too-long' && limit !== undefined) return text('cli.rule.session-too-long.limit', { limit });
  const key = Object.hasOwn(rules, rule) ? rules[rule] : undefined;
  if (key !== undefined)
    return limit === undefined ? text(key) : text('cli.detail', { message: text(key), detail: limit });
  return inputDetail(failure) === undefined ? null : text('cli.rule.other', { field, rule });
}

/** Words that differ on the command line; everything else uses the window's. */
function wordsHere(failure: Failure): { readonly title?: string; readonly next?: string } {
  if (failure.kind === 'oss') return ossWords(failure);
  if (failure.kind === 'bug') return { next: text('cli.next.bug', { logId: failure.logId }) };
  if (failure.kind === 'network') return nextOf(networkNext[failure.reason]);
  if (failure.kind === 'credentials') {
    const isExplained = failure.action !== undefined || failure.code === 'AccessKeyIdAndSecurityTokenNotMatch';
    return nextOf(isExplained ? undefined : credentialNext[failure.reason]);
  }
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

function ossWords({ code, message, endpoint }: KindOf<'oss'>): { readonly title?: string; readonly next?: string } {
  if (endpoint !== undefined) return { next: text('cli.next.oss.other-region', { endpoint }) };
  if (/signing region/i.test(message)) return { next: text('cli.next.oss.signed-region', { message }) };
  switch (code) {
    case 'InvalidObjectState':
      return { next: text('cli.next.oss.InvalidObjectState') };
    case 'NoSuchBucket':
      return { next: text('cli.next.oss.NoSuchBucket') };
    case 'NoSuchKey':
    case 'NotFound':
      return { title: text('failure.oss.NoSuchKey.title'), next: text('cli.next.oss.NoSuchKey') };
    case 'ChangedSinceShared':
      return { title: text('cli.oss.changed'), next: text('failure.link.expired.next') };
    case 'NoSuchVersion':
      return { title: text('cli.oss.version'), next: text('cli.oss.version.next') };
    case 'FileAlreadyExists':
      return { title: text('cli.oss.exists'), next: text('cli.oss.exists.next') };
    default:
      return {};
  }
}

/** `Code: NoSuchKey  EC: 0026-00000001  RequestId: …`, as much of it as is known; '' for nothing. */
function codesOf(failure: Failure): string {
  const parts = [
    'code' in failure ? `Code: ${failure.code}` : null,
    'ec' in failure ? `EC: ${failure.ec}` : null,
    'requestId' in failure ? `RequestId: ${failure.requestId}` : null,
    failure.kind === 'integrity' ? `CRC-64: ${failure.actual}  Expected: ${failure.expected}` : null,
  ].filter((part) => part !== null);
  return escapeControls(parts.join('  '));
}
