// What the window says, found by key, so that tests hold whatever the wording is.
import en from '../../assets/locales/en.json' with { type: 'json' };
import zhCN from '../../assets/locales/zh-CN.json' with { type: 'json' };
import { MessageFormats } from '../../renderer/lib/message-formats.ts';
import type { Locale, MessageKey } from '../../renderer/lib/messages.svelte.ts';

type Values = Readonly<Record<string, string | number>>;

const catalogues: Record<Locale, Record<MessageKey, string>> = { en, 'zh-CN': zhCN };
const formats = new MessageFormats();

/** The text of a key, filled in as the window fills it in. */
export function t(key: MessageKey, values: Values = {}, locale: Locale = 'en'): string {
  const message = catalogues[locale][key];
  return message.includes('{') ? String(formats.of(message, locale).format(values)) : message;
}

/** The text of a key in Simplified Chinese. */
export function zh(key: MessageKey, values: Values = {}): string {
  return t(key, values, 'zh-CN');
}

/** Matches the text of a key anywhere; a value that a test can't know is a pattern, such as a moment or a length. */
export function like(key: MessageKey, values: Readonly<Record<string, string | number | RegExp>>): RegExp {
  const patterns: string[] = [];
  const filled = Object.entries(values).map(([name, value]) => {
    if (!(value instanceof RegExp)) return [name, value] as const;
    patterns.push(value.source);
    return [name, `\uE000${patterns.length - 1}\uE001`] as const;
  });
  const source = escaped(t(key, Object.fromEntries(filled)));
  return new RegExp(
    source.replace(/\uE000(\d+)\uE001/g, (_mark, index: string) => `(?:${patterns[Number(index)] ?? ''})`),
  );
}

/** Matches what begins with a text, whatever follows it. */
export function startingWith(text: string): RegExp {
  return new RegExp(`^${escaped(text)}`);
}

/** The values of a message that counts: the number that chooses the plural, and how it is written. */
export function counted(count: number): { readonly count: number; readonly shown: string } {
  return { count, shown: new Intl.NumberFormat('en').format(count) };
}

/** The text as it stands in a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
