import type { Failure } from '../failure.ts';
import { inputDetail, inputMessage } from './input-message.ts';
import { refusalWords } from './refusal-text.ts';
import type { Translator } from './translator.ts';

/** What a person reads when something failed: what happened, and what to do next. */
export interface FailureText {
  readonly title: string;
  readonly next: string;
  /** Codes and IDs to hand to support, as one line that can be copied; null where there are none. */
  readonly details: string | null;
}

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;
type Words = Pick<FailureText, 'title' | 'next'>;
type Table = { readonly [K in Failure['kind']]: (failure: KindOf<K>, translator: Translator) => Words };

const table: Table = {
  input: (failure, translator) => inputMessage(failure, translator),
  link: refusalWords,
  credentials: refusalWords,
  oss: refusalWords,
  network: ({ reason, host }, { text }) => ({
    title: text(`failure.network.${reason}.title`, { host: host ?? 'none' }),
    next: text(`failure.network.${reason}.next`),
  }),
  file: ({ reason }, { text }) => ({
    title: text(`failure.file.${reason}.title`),
    next: text(`failure.file.${reason}.next`),
  }),
  integrity: (_, { text }) => ({ title: text('failure.integrity.title'), next: text('failure.integrity.next') }),
  keychain: ({ reason }, { text }) => ({
    title: text(`failure.keychain.${reason}.title`),
    next: text(`failure.keychain.${reason}.next`),
  }),
  cancelled: (_, { text }) => ({ title: text('failure.cancelled.title'), next: text('failure.cancelled.next') }),
  bug: ({ logId }, { text }) => ({ title: text('failure.bug.title'), next: text('failure.bug.next', { logId }) }),
};

/** The words for a Failure in the language of `translator`. */
export function failureText(failure: Failure, translator: Translator): FailureText {
  const words = table[failure.kind] as (failure: Failure, translator: Translator) => Words;
  return { ...words(failure, translator), details: detailsOf(failure) };
}

/** The same as running text, for a line that holds no more. */
export function failureSentences(failure: Failure, translator: Translator): string {
  const { title, next } = failureText(failure, translator);
  return translator.text('failure.sentences', { title, next });
}

function detailsOf(failure: Failure): string | null {
  const parts = detailParts(failure).filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? null : parts.join(' · ');
}

function detailParts(failure: Failure): readonly (string | undefined)[] {
  switch (failure.kind) {
    case 'oss':
    case 'credentials':
    case 'link':
      return [
        failure.kind === 'oss' ? `HTTP ${failure.status}` : undefined,
        failure.code,
        failure.message,
        labelled('EC', failure.ec),
        labelled('RequestId', failure.requestId),
      ];
    case 'input':
      return [inputDetail(failure)];
    case 'file':
      return [failure.path];
    case 'integrity':
      return [`CRC-64 ${failure.expected} ≠ ${failure.actual}`];
    case 'network':
      return [failure.host];
    case 'bug':
      return loggedAs(failure);
    case 'keychain':
    case 'cancelled':
      return [];
    default:
      return failure satisfies never;
  }
}

function loggedAs({ logId }: KindOf<'bug'>): readonly string[] {
  return logId === 'none' ? [] : [logId];
}

function labelled(label: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${label} ${value}`;
}
