import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { vulnerable } from '../../../.ci/advisories.mjs';

const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string; integrity?: string; resolved?: string }>;
};

test('no package is known to be vulnerable', () => {
  expect(vulnerable(lock)).toEqual([]);
});

test('a vulnerable version is noticed wherever it stands, and the one after it is not', () => {
  const packages = {
    '': { version: '1.0.0' },
    'node_modules/undici': { version: '7.2.2' },
    'node_modules/a/node_modules/xml2js': { version: '0.4.23' },
    'node_modules/xml2js': { version: '0.5.0' },
    'node_modules/form-data': { version: '4.0.4' },
    'node_modules/electron-updater': { version: '6.3.0-alpha.5' },
  };
  expect(vulnerable({ packages }).map((one) => one.replace(/ \(.*\//, ' ('))).toEqual([
    'undici 7.2.2 (GHSA-c76h-2ccp-4975)',
    'undici 7.2.2 (GHSA-cxrh-j4jr-qwg3)',
    'xml2js 0.4.23 (GHSA-776f-qx25-q3cc)',
  ]);
  const own = [{ package: 'left-pad', id: 'X', ranges: [['1.0.0', '1.3.0']] as const }];
  expect(vulnerable({ packages: { 'node_modules/left-pad': { version: '1.2.9' } } }, own)).toHaveLength(1);
});

test('every package has a checksum, and comes from the registry: no address of its own is noted', () => {
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue;
    expect(entry.integrity, path).toMatch(/^sha512-/);
    expect(entry.resolved, path).toBeUndefined();
  }
});
