import { expect, test } from 'vitest';
import { regionName, toLocale } from '../../../main/words/locales.ts';

test.each([
  ['system', 'zh-Hans-CN', 'zh-CN'],
  ['system', 'de-DE', 'en'],
  ['system', 'zh', 'zh-CN'],
  ['system', 'en_US', 'en'],
  ['en', 'zh-CN', 'en'],
  ['zh-CN', 'en-US', 'zh-CN'],
] as const)('%s on a %s system is %s', (chosen, system, locale) => {
  expect(toLocale(chosen, system)).toBe(locale);
});

test('a region has the name that the console of that language shows', () => {
  const region = { en: 'Singapore', zh: '新加坡' };
  expect(regionName(region, 'en')).toBe('Singapore');
  expect(regionName(region, 'zh-CN')).toBe('新加坡');
});
