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
/** What the build writes into the page before any script runs. */
const page = readFileSync(join(import.meta.dirname, '../../../.ci/pages.mjs'), 'utf8');
const quoted = new Set([...`${source}\n${page}`.matchAll(/'([a-z][\w.-]*)'/g)].map((match) => match[1]));
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

test.each(locales)('a plural in %s has no form that the language never takes', (locale) => {
  const taken = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const forms = Object.values(languages[locale].messages).flatMap((message) =>
    [...message.matchAll(/(?<=[,}] )(zero|one|two|few|many) \{/g)].map(([, form = '']) => form),
  );
  expect(forms.filter((form) => !(taken as readonly string[]).includes(form))).toEqual([]);
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

/** English texts that stand under more than one key on purpose: the meaning differs, and in other languages the word. */
const apart: Readonly<Record<string, string>> = {
  'Add header': 'to an object, or to a request',
  Address: 'of a place in OSS, or of a proxy',
  'Change…': 'to another file, or to another folder',
  'Checking…': 'whether a key works, or what a link leads to',
  Commands: 'of a toolbar, or in the palette',
  Continue: 'with the next step, or where it stopped',
  'Creating…': 'an access code, or links',
  Download: 'a command, or the direction of a transfer',
  'Lock Waybill': 'a command, or after how long it happens',
  Preview: 'a command, or what a browser does with a link',
  Restore: 'what was deleted, or what is archived',
  'Show in folder': 'in the list, or in the file manager of the system',
  'Signed by': 'an account, or a key',
  Upload: 'a command, or the direction of a transfer',
};

test('one text has one key', () => {
  const keys = new Map<string, string[]>();
  for (const [key, message] of Object.entries(en)) {
    // A menu of the system has its own capitals on macOS; keys that end in a value, such as a column, stay a family.
    if (key.startsWith('menu.') || !quoted.has(key)) continue;
    // A page that is handed out carries no text of the window.
    const place = key.startsWith('page.') ? `a page: ${message}` : message;
    keys.set(place, [...(keys.get(place) ?? []), key]);
  }
  const several = [...keys].filter(([, found]) => found.length > 1);
  expect(several.filter(([message]) => apart[message] === undefined)).toEqual([]);
  expect(several.map(([message]) => message).sort()).toEqual(Object.keys(apart).sort());
});
