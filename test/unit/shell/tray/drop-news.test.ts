import { expect, test } from 'vitest';
import { type DropNews, dropText } from '../../../../main/shell/tray/drop-news.ts';
import { failureText } from '../../../../main/words/failure-text.ts';
import { locales } from '../../../../main/words/locales.ts';
import { translator } from '../../../../main/words/translator.ts';
import { counted, t } from '../../../support/words.ts';

const english = translator('en');
const now = Date.UTC(2026, 11, 1, 12);
const validity = { validUntil: now + 3_600_000, limitedBy: 'expiry', sessionEndUnknown: false } as const;
const links = { ...validity, made: 1, warnings: [] };
const failure = { kind: 'credentials', cause: 'missing' } as const;
const copied = { kind: 'link-copied', name: 'a.pdf', count: 1, links } as const satisfies DropNews;

test('a copied link is reported with its file and how long it works', () => {
  const { title, body } = dropText(copied, english, now);
  expect(title).toBe(t('upload.done', { ...counted(1), name: 'a.pdf' }));
  expect(body).toMatch(/^The link is copied\. Valid until .+ \(1 hr left\)$/);
});

test('of a session whose end nobody knows, and by a server’s clock, it says so', () => {
  const unknown = dropText({ ...copied, links: { ...links, sessionEndUnknown: true } }, english, now);
  expect(unknown.body).toContain('at the latest');
  const ahead = dropText({ ...copied, links: { ...links, clockOffsetMs: -600_000 } }, english, now);
  expect(ahead.body).toContain('by the server’s clock');
});

test('a link that will not work says why', () => {
  const refused = dropText({ ...copied, links: { ...links, warnings: ['public-host-refused'] } }, english, now);
  expect(refused.body).toBe(t('share.warning.public-host-refused'));
});

test('an upload without a link has both in its notification', () => {
  const { title, next } = failureText(failure, english);
  expect(dropText({ kind: 'no-link', name: 'a.pdf', count: 1, failure }, english)).toEqual({
    title: t('upload.done', { ...counted(1), name: 'a.pdf' }),
    body: `${title}\n${next}`,
  });
  expect(dropText({ kind: 'refused', failure }, english)).toEqual({ title, body: next });
});

test('every kind of news has a title and a body in each language', () => {
  const uploaded = { name: 'a.pdf', count: 2 };
  const all: readonly DropNews[] = [
    ...(['locked', 'no-folder', 'credentials', 'uploaded-locked', 'failed-locked'] as const).map((kind) => ({ kind })),
    ...[{ kind: 'refused', failure } as const, { kind: 'failed', ...uploaded } as const],
    ...[{ kind: 'uploaded-folder', ...uploaded } as const, { kind: 'no-link', ...uploaded, failure } as const],
    ...[copied, { kind: 'link-again', name: 'a.pdf', validity } as const],
  ];
  for (const locale of locales)
    for (const news of all) {
      const { title, body } = dropText(news, translator(locale), now);
      expect([title.trim(), body.trim()]).not.toContain('');
    }
});
