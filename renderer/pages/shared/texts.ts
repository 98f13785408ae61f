// The texts of a page, in the reader's language. The build puts them in from the catalogues (.ci/pages.mjs).
import type { Locale, MessageKey } from '../../../main/words/locales.ts';

/** The name of a text that a page may say. */
export type PageKey = Extract<MessageKey, `page.${string}`>;

/** What fills the placeholders of a text. */
export type TextValues = Readonly<Record<string, string | number>>;

/** By key, in English and in Chinese: a key that stood once for each language would be a tenth of the page. */
declare const pageTexts: Readonly<Record<string, readonly [english: string, chinese: string]>>;
/** Once: the build puts an object in the place of the name. */
const texts = typeof pageTexts === 'undefined' ? {} : pageTexts;

/** The first of the reader's languages that the page has, in any script or region of it, else English. */
export function chooseLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** The language of this page. */
export const locale: Locale = typeof navigator === 'undefined' ? 'en' : chooseLocale(navigator.languages);

/** A text in the reader's language, filled in. */
export function text(key: PageKey, values: TextValues = {}): string {
  return fill(texts[key]?.[locale === 'en' ? 0 : 1] ?? key, values, locale);
}

/** `{name}`, or `{name, plural, one {…} other {…}}`: all that the pages' texts need of ICU's messages. */
const placeholder = /\{(\w+)(?:, plural,((?: \w+ \{(?:[^{}]|\{\w+\})*\})+))?\}/g;
const choice = /(\w+) \{((?:[^{}]|\{\w+\})*)\}/g;

/** A message with its placeholders filled in. What is filled in is never read as a message. */
export function fill(message: string, values: TextValues, language: string): string {
  const filled = new Map(Object.entries(values));
  return message.replaceAll(placeholder, (all: string, name: string, choices?: string) => {
    const value = filled.get(name);
    if (value === undefined) return all;
    if (choices === undefined) return String(value);
    const wanted = new Intl.PluralRules(language).select(Number(value));
    const texts = new Map([...choices.matchAll(choice)].map(([, category, chosen]) => [category, chosen]));
    return fill(texts.get(wanted) ?? texts.get('other') ?? '', values, language);
  });
}
