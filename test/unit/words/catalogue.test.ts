import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import en from '../../../assets/locales/en.json';
import { languages, locales, type MessageKey } from '../../../main/words/locales.ts';

const folders = ['renderer', 'main/shell', 'main/words', 'main/cli'].map((folder) =>
  join(import.meta.dirname, '../../..', folder),
);
const source = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((file) => /\.(ts|svelte)$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const quoted = new Set([...source.matchAll(/'([a-z][\w.-]*)'/g)].map((match) => match[1]));
/** Keys that are put together, such as `failure.file.${reason}.title`. */
const patterns = [...source.matchAll(/`([a-z][\w-]*\.[\w.${}()\s-]*\$\{[^`]*)`/g)].map(
  ([, template = '']) =>
    new RegExp(
      `^${template
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replaceAll('.', '\\.'))
        .join('[\\w.-]+')}$`,
    ),
);

function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const visit = (parts: readonly unknown[]) => {
    for (const part of parts as { type: number; value: string; options?: Record<string, { value: unknown[] }> }[]) {
      if (part.type >= 1 && part.type <= 6) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

const others = locales.filter((locale) => locale !== 'en');

test.each(others)('%s has the same messages as English, in the same order', (locale) => {
  expect(Object.keys(languages[locale].messages)).toEqual(Object.keys(en));
});

test('the messages are sorted, so that two people seldom write at the same place', () => {
  const keys = Object.keys(en);
  expect(keys).toEqual([...keys].sort());
});

test.each(others)('a message takes the same arguments in %s as in English', (locale) => {
  const different = (Object.keys(en) as MessageKey[]).filter((key) => {
    const translated = argumentsOf(languages[locale].messages[key]);
    // A language without plurals, such as Chinese, may do without the number that chooses one.
    const wanted = argumentsOf(en[key]).filter((name) => name !== 'count' || translated.includes('count'));
    return wanted.join() !== translated.join();
  });
  expect(different).toEqual([]);
});

test('every message is said somewhere', () => {
  const unused = Object.keys(en).filter((key) => !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)));
  expect(unused).toEqual([]);
});

test('no message begins or ends where another is to be glued to it', () => {
  const glued = locales.flatMap((locale) =>
    Object.entries(languages[locale].messages).filter(([, message]) => /^$|^[\s,;:.]|\s$|: $/.test(message)),
  );
  expect(glued).toEqual([]);
});

test('a count is formatted for the language: "5,000", not "5000"', () => {
  const raw = locales.flatMap((locale) =>
    Object.entries(languages[locale].messages).filter(([, message]) => /\{(count|total|failed)\}/.test(message)),
  );
  // Where the caller has formatted it.
  expect(raw.filter(([, message]) => !message.includes('{shown}'))).toEqual([]);
});
