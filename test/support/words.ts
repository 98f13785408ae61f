// What the window says, found by key, so that tests hold whatever the wording is.
import type { Locale, MessageKey } from '../../main/words/locales.ts';
import { formatMessage, type MessageValues } from '../../main/words/translator.ts';

/** The text of a key, filled in as the window fills it in. */
export function t(key: MessageKey, values: MessageValues = {}, locale: Locale = 'en'): string {
  return formatMessage(locale, key, values);
}

/** The text of a key in Simplified Chinese. */
export function zh(key: MessageKey, values: MessageValues = {}): string {
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
  const left = new Set(patterns);
  const take = (pattern: string) => {
    left.delete(pattern);
    return `(?:${pattern})`;
  };
  // Where the message formats a number, the mark of a pattern comes out as NaN.
  return new RegExp(
    source
      .replace(/\uE000(\d+)\uE001/g, (_mark, index: string) => take(patterns[Number(index)] ?? ''))
      .replaceAll('NaN', () => take([...left][0] ?? '')),
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
