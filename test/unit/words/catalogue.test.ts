import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import en from '../../../assets/locales/en.json';
import zhCN from '../../../assets/locales/zh-CN.json';

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

test('both languages have the same messages', () => {
  expect(Object.keys(zhCN)).toEqual(Object.keys(en));
});

test('the messages are sorted, so that two people seldom write at the same place', () => {
  const keys = Object.keys(en);
  expect(keys).toEqual([...keys].sort());
});

test('a message takes the same arguments in both languages', () => {
  const different = (Object.keys(en) as (keyof typeof en)[]).filter((key) => {
    const inChinese = argumentsOf(zhCN[key]);
    // Chinese has no plural, so it may do without the number that chooses one.
    const wanted = argumentsOf(en[key]).filter((name) => name !== 'count' || inChinese.includes('count'));
    return wanted.join() !== inChinese.join();
  });
  expect(different).toEqual([]);
});

test('every message is said somewhere', () => {
  const unused = Object.keys(en).filter((key) => !quoted.has(key) && !patterns.some((pattern) => pattern.test(key)));
  expect(unused).toEqual([]);
});
