import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, expect, test } from 'vitest';
import { ownNames } from '../../../.ci/own-names.mjs';

const folder = mkdtempSync(join(tmpdir(), 'waybill-own-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = `export {}; declare const table: Record<string, number>; declare const name: string; declare const list: number[];
declare const known: 'a' | 'b'; declare const maybe: Record<string, number> | undefined;
`;
const refused = [
  'table[name];',
  'maybe?.[name];',
  "table[name.toLowerCase() || 'a']?.toFixed();",
  'table[name] ??= 1;',
  'name in table;',
];
const allowed = [
  "table['a'];",
  'table[known];',
  'list[0];',
  'list[list.length - 1];',
  'table[name] = 1;',
  "'a' in table;",
];

test('the rule finds each way to look up what any text names, and nothing else', async () => {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, types: [] } }));
  writeFileSync(join(folder, 'a.ts'), head + [...refused, ...allowed].join('\n'));
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['*.ts'],
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { project: './tsconfig.json', tsconfigRootDir: folder },
      },
      plugins: { waybill: { rules: { 'own-names': ownNames } } },
      rules: { 'waybill/own-names': 'error' },
    } as never,
  });
  const [result] = await eslint.lintFiles(['a.ts']);
  expect(result?.messages.map(({ ruleId, line }) => [ruleId, line])).toEqual(
    refused.map((_, index) => ['waybill/own-names', index + 3]),
  );
});
