import type { Failure } from '../../failure.ts';
import type { LinkValidity } from '../../links/making/validity.ts';
import { untilByServerText } from '../../words/clock-text.ts';
import { failureText } from '../../words/failure-text.ts';
import { formatCount, formatLength, formatMoment } from '../../words/format.ts';
import { failing } from '../../words/link-warnings.ts';
import type { MessageKey } from '../../words/locales.ts';
import type { Translator } from '../../words/translator.ts';
import type { CopiedLinks } from './links.ts';

/** The first of the files and folders, and how many there were. */
interface Uploaded {
  readonly name: string;
  readonly count: number;
}

/** News that are the same each time: title and text. */
const plain = {
  locked: ['lock.title', 'tray.news.locked'],
  'no-folder': ['tray.news.no-folder.title', 'tray.news.no-folder'],
  credentials: ['tray.news.credentials.title', 'tray.news.credentials'],
  'uploaded-locked': ['tray.news.uploaded-locked.title', 'tray.news.uploaded-locked'],
  'failed-locked': ['dialog.transfers-failed', 'tray.news.failed'],
} as const satisfies Readonly<Record<string, readonly [MessageKey, MessageKey]>>;

/** What came of something that the tray item was given, or was asked for. */
export type DropNews =
  | { readonly kind: keyof typeof plain }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | ({ readonly kind: 'failed' } & Uploaded)
  | ({ readonly kind: 'uploaded-folder' } & Uploaded)
  | ({ readonly kind: 'no-link'; readonly failure: Failure } & Uploaded)
  | ({ readonly kind: 'link-copied'; readonly links: CopiedLinks } & Uploaded)
  | { readonly kind: 'link-again'; readonly name: string; readonly validity: LinkValidity };

/** A notification of the system. */
export interface NewsText {
  readonly title: string;
  readonly body: string;
}

/** The notification of a piece of news. Locked, it names no file. */
export function dropText(news: DropNews, translator: Translator, now = Date.now()): NewsText {
  const { text } = translator;
  if (isPlain(news)) {
    const [title, body] = plain[news.kind];
    return { title: text(title), body: text(body) };
  }
  switch (news.kind) {
    case 'refused':
      return failed(news.failure, translator);
    case 'failed':
      return {
        title: text('upload.failed', { ...counted(news.count, translator), name: news.name }),
        body: text('tray.news.failed'),
      };
    case 'uploaded-folder':
      return { title: uploadedTitle(news, translator), body: text('tray.news.folder') };
    case 'no-link':
      return { title: uploadedTitle(news, translator), body: sentences(failed(news.failure, translator)) };
    case 'link-copied':
      return { title: uploadedTitle(news, translator), body: linksBody(news.links, translator, now) };
    case 'link-again':
      return {
        title: text('browse.link-copied', { name: news.name }),
        body: untilText(news.validity, translator, now),
      };
    default:
      return news satisfies never;
  }
}

function isPlain(news: DropNews): news is Extract<DropNews, { readonly kind: keyof typeof plain }> {
  return news.kind in plain;
}

function uploadedTitle({ name, count }: Uploaded, translator: Translator): string {
  return translator.text('upload.done', { ...counted(count, translator), name });
}

function linksBody(links: CopiedLinks, translator: Translator, now: number): string {
  const [warning] = failing(links);
  const { text } = translator;
  if (warning !== undefined) return text(`share.warning.${warning}`);
  const until = untilText(links, translator, now);
  return text('tray.news.links', { ...counted(links.made, translator), until });
}

function untilText(validity: LinkValidity, translator: Translator, now: number): string {
  const { text, locale } = translator;
  const { validUntil, sessionEndUnknown } = validity;
  const until = { moment: formatMoment(validUntil, locale, now), length: formatLength(validUntil - now, locale) };
  return (
    untilByServerText(validity, now, translator) ??
    text(sessionEndUnknown ? 'browse.link-until.at-latest' : 'share.until.left', until)
  );
}

function failed(failure: Failure, translator: Translator): NewsText {
  const { title, next } = failureText(failure, translator);
  return { title, body: next };
}

function sentences({ title, body }: NewsText): string {
  return `${title}\n${body}`;
}

function counted(count: number, { locale }: Translator): { readonly count: number; readonly shown: string } {
  return { count, shown: formatCount(count, locale) };
}
