import { IntlMessageFormat } from 'intl-messageformat';
import { languages, type Locale, type MessageKey } from './locales.ts';

/** What fills the placeholders of a message. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** The message of a key, filled in. */
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** Sentences of one language, by key. `text` doesn't use `this`, so that it can be passed on alone. */
export interface Translator {
  readonly locale: Locale;
  readonly text: Translate;
}

/** Parsed messages; a key's message never changes, so each is parsed once for the life of the process. */
const parsed = new Map<string, IntlMessageFormat>();

/** The sentences of a language that stays what it is: for the command line and for what main draws once. */
export function translator(locale: Locale): Translator {
  return { locale, text: (key, values) => formatMessage(locale, key, values) };
}

/** One message of a language, filled in. What is filled in is never read as syntax or markup. */
export function formatMessage(locale: Locale, key: MessageKey, values?: MessageValues): string {
  const message: string = languages[locale].messages[key];
  if (!message.includes('{')) return message;
  return String(formatOf(locale, key, message).format(values));
}

function formatOf(locale: Locale, key: MessageKey, message: string): IntlMessageFormat {
  const id = `${locale}:${key}`;
  const known = parsed.get(id);
  if (known !== undefined) return known;
  const format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
  parsed.set(id, format);
  return format;
}
