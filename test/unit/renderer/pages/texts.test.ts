import { describe, expect, test } from 'vitest';
import { languages, locales, type MessageKey } from '../../../../main/words/locales.ts';
import { formatMessage } from '../../../../main/words/translator.ts';
import { chooseLocale, fill } from '../../../../renderer/pages/shared/texts.ts';

test.each([
  [['zh-CN', 'en'], 'zh-CN'],
  [['zh-Hant-TW'], 'zh-CN'],
  [['fr', 'zh'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [['fr', 'de'], 'en'],
  [[], 'en'],
])('a reader of %j reads %s', (wanted, locale) => {
  expect(chooseLocale(wanted)).toBe(locale);
});

describe('a text of a page', () => {
  test('is filled in once: a file named like a placeholder stays as it is', () => {
    expect(fill('Sent {name} of {size}', { name: '{size}', size: '1 KB' }, 'en')).toBe('Sent {size} of 1 KB');
  });

  test('chooses the plural of its language', () => {
    const message = '{count, plural, one {{shown} file} other {{shown} files}} sent';
    expect([1, 2].map((count) => fill(message, { count, shown: String(count) }, 'en'))).toEqual([
      '1 file sent',
      '2 files sent',
    ]);
  });
});

test.each(locales)('the page fills in each %s text as the window would', (locale) => {
  const keys = (Object.keys(languages.en.messages) as MessageKey[]).filter((key) => key.startsWith('page.'));
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    const message = languages[locale].messages[key];
    for (const count of [1, 2]) {
      const names = [...message.matchAll(/\{(\w+)/g)].map(([, name = '']) => name);
      const values = { ...Object.fromEntries(names.map((name) => [name, `<${name}>`])), count };
      expect(fill(message, values, locale), key).toBe(formatMessage(locale, key, values));
    }
  }
});
