// Who checks each rule: fails when a rule of eslint.config.js has no checker, or other options where oxlint checks it,
// or when docs/checks.md says otherwise. With --write, brings docs/checks.md up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ESLint } from 'eslint';
import { rules } from '../eslint.config.js';
import { root, say } from './steps.mjs';

/** A file of each kind; rules.mjs needs only its name. */
const samples = {
  main: 'main/settings.ts',
  test: 'test/unit/settings.test.ts',
  '.svelte.ts': 'renderer/sample.svelte.ts',
  '.mjs': '.ci/rules.mjs',
  '.svelte': 'renderer/App.svelte',
};
/** Options of ESLint that oxlint does not have; it does as their defaults say. */
const unknownToOxlint = ['errorClassNames'];

const file = join(root, 'docs/checks.md');
const oxlint = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'));
const typed = new Set(
  Object.keys(
    oxlint.overrides.find((/** @type {{ files: string[] }} */ { files }) => files.includes('**/*.mjs')).rules,
  ),
);
const all = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: /** @type {import('eslint').Linter.Config[]} */ (/** @type {unknown} */ (rules)),
});
const rest = new ESLint({ cwd: root });
/** @type {string[]} */
const faults = [];
/** @type {Map<string, string[]>} */
const table = new Map();

for (const [column, sample] of Object.values(samples).entries()) {
  const wanted = (await all.calculateConfigForFile(sample)).rules;
  const kept = (await rest.calculateConfigForFile(sample)).rules;
  const native = oxlintRules(sample);
  for (const [name, setting] of Object.entries(wanted)) {
    if (setting[0] === 0) continue;
    const row = table.get(name) ?? Object.keys(samples).map(() => '');
    table.set(name, row);
    const ours = nameInOxlint(name, native);
    if (kept[name]?.[0] === setting[0]) row[column] = 'ESLint';
    else if (ours === undefined) faults.push(`${name} has no checker in ${sample}`);
    else {
      row[column] = typed.has(ours) ? 'oxlint, types' : 'oxlint';
      compareOptions(name, setting.slice(1), native[ours], sample);
    }
  }
}
const before = readFileSync(file, 'utf8');
const [intro = ''] = before.split('\n| rule');
const page = `${intro}\n${markdown()}`;
if (process.argv.includes('--write')) writeFileSync(file, page);
else if (page !== before) faults.push('docs/checks.md is out of date: node .ci/rules.mjs --write');
for (const fault of faults) say(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

/**
 * @param {string} sample
 * @returns {Record<string, unknown>} the rules that are on, by oxlint's names
 */
function oxlintRules(sample) {
  if (sample.endsWith('.svelte')) return {};
  const found = { ...oxlint.rules };
  for (const { files, rules } of oxlint.overrides) {
    const isHere = files.some((/** @type {string} */ glob) =>
      glob.startsWith('**/*') ? sample.endsWith(glob.slice(4)) : sample.startsWith(glob.replace('**', '')),
    );
    if (isHere) Object.assign(found, rules);
  }
  return Object.fromEntries(Object.entries(found).filter(([, setting]) => setting !== 'off'));
}

/**
 * oxlint has one rule where typescript-eslint extends one of ESLint's.
 * @param {string} name
 * @param {Record<string, unknown>} native
 */
function nameInOxlint(name, native) {
  const [scope, own] = name.startsWith('@typescript-eslint/') ? name.split('/') : ['', name];
  return [...(scope === '' ? [] : [`typescript/${own}`]), own ?? ''].find((each) => each in native);
}

/**
 * @param {string} name
 * @param {unknown[]} options
 * @param {unknown} setting
 * @param {string} sample
 */
function compareOptions(name, options, setting, sample) {
  const theirs = Array.isArray(setting) ? setting.slice(1) : [];
  const differs = options.some((option, at) =>
    typeof option === 'object' && option !== null
      ? Object.entries(option).some(
          ([key, value]) => !unknownToOxlint.includes(key) && !isDeepStrictEqual(theirs[at]?.[key], value),
        )
      : option !== theirs[at],
  );
  if (differs) faults.push(`${name} has other options in oxlint than ${JSON.stringify(options)} (${sample})`);
}

function markdown() {
  const lines = [
    ['rule', ...Object.keys(samples)],
    ['---', ...Object.keys(samples).map(() => '---')],
  ];
  for (const [name, row] of [...table].sort(([one], [other]) => (one < other ? -1 : 1))) {
    lines.push([`\`${name}\``, ...row.map((checker) => (checker === '' ? '–' : checker))]);
  }
  const widths =
    lines[0]?.map((_, at) =>
      Math.max(3, ...lines.slice(2).map((line) => line[at]?.length ?? 0), lines[0]?.[at]?.length ?? 0),
    ) ?? [];
  return lines
    .map(
      (line, row) =>
        `| ${line.map((cell, at) => (row === 1 ? '-'.repeat(widths[at] ?? 3) : cell.padEnd(widths[at] ?? 3))).join(' | ')} |\n`,
    )
    .join('');
}
