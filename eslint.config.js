// What oxlint (.oxlintrc.json) does not check: Svelte's templates and the types in them, doc comments, and single rules.
import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { ownNames } from './.ci/own-names.mjs';
import typedParser from './.ci/typed-parser.mjs';
import svelteConfig from './svelte.config.js';

const longSpreads = [
  '[callee.property.name=/^(push|unshift)$/]',
  "[callee.object.name='Math'][callee.property.name=/^(max|min)$/]",
].map((call) => ({
  selector: `CallExpression${call} > SpreadElement`,
  message: 'A call takes some 100,000 arguments at most: a longer list ends in a RangeError. Use a loop.',
}));

const frozenTimes = [
  'SvelteMustacheTag',
  "CallExpression[callee.name='$derived']",
  "CallExpression[callee.object.name='$derived']",
].map((shown) => ({
  selector: `${shown} CallExpression[callee.object.name='Date'][callee.property.name='now']`,
  message: 'What is shown would stay at this time. Use a clock of the app.',
}));

/** Every rule that is on, whoever checks it. */
export const rules = tseslint.config(
  { ignores: ['dist', 'release', 'test-results', 'node_modules', 'test/host/dist', 'test/host/fixture', 'assets'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: { project: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-console': 'error',
      // TypeScript checks this, with knowledge of each file's environment.
      'no-undef': 'off',
    },
  },
  { files: ['**/*.ts'], ignores: ['**/*.svelte.ts'], languageOptions: { parser: typedParser } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typedParser, svelteConfig } },
  },
  {
    files: ['main/**/*.ts', 'preload/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        { publicOnly: true, contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'] },
      ],
    },
  },
  {
    files: ['main/**', 'preload/**', 'renderer/**'],
    plugins: { waybill: { rules: { 'own-names': ownNames } } },
    rules: { 'no-restricted-syntax': ['error', ...longSpreads], 'waybill/own-names': 'error' },
  },
  {
    files: ['main/own.ts'],
    rules: { 'waybill/own-names': 'off' },
  },
  {
    files: ['renderer/**/*.svelte'],
    rules: { 'no-restricted-syntax': ['error', ...longSpreads, ...frozenTimes] },
  },
  {
    files: ['test/**', '.ci/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      'no-console': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
);

export default [
  ...rules,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.ts', '**/*.js', '**/*.mjs', '**/*.cjs'], rules: checkedByOxlint() },
];

/** oxlint has one rule where typescript-eslint extends one of ESLint's: both are off. */
function checkedByOxlint() {
  const { rules } = JSON.parse(readFileSync(new URL('.oxlintrc.json', import.meta.url), 'utf8'));
  const names = Object.keys(rules).flatMap((name) =>
    name.startsWith('typescript/')
      ? [name.replace('typescript/', '@typescript-eslint/')]
      : [name, `@typescript-eslint/${name}`],
  );
  return Object.fromEntries(names.map((name) => [name, 'off']));
}
