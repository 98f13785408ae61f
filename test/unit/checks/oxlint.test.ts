import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../../..');
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
const samples = join(import.meta.dirname, 'violations.txt');
const Rules = z.array(z.object({ scope: z.string(), value: z.string(), type_aware: z.boolean() }));
const Config = z.object({ rules: z.record(z.string(), z.unknown()) });
const Report = z.object({
  diagnostics: z.array(
    z.object({ code: z.string(), labels: z.array(z.object({ span: z.object({ line: z.number() }) })) }),
  ),
});

/** The lines below each rule's name, to the next one. */
const places = readFileSync(samples, 'utf8')
  .split('\n')
  .flatMap((line, at) => (line.startsWith('// # ') ? [{ rule: line.slice(5), line: at + 1 }] : []));
const folder = mkdtempSync(join(tmpdir(), 'waybill-oxlint-'));
const reported = new Set<string>();

beforeAll(() => {
  copyFileSync(samples, join(folder, 'violations.ts'));
  const compilerOptions = { strict: true, target: 'ES2023', lib: ['ES2023', 'DOM'], types: [], noEmit: true };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const { stdout } = spawnSync(
    process.execPath,
    [oxlint, '--config', join(root, '.oxlintrc.json'), '--format', 'json', 'violations.ts'],
    { cwd: folder, encoding: 'utf8' },
  );
  for (const { code, labels } of Report.parse(JSON.parse(stdout)).diagnostics) {
    const line = labels[0]?.span.line ?? 0;
    const place = places.findLast((each) => each.line <= line);
    reported.add(`${place?.rule ?? ''} ${/\((.*)\)/.exec(code)?.[1] ?? code}`);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('each rule that oxlint checks by types has a violation here', () => {
  const known = Rules.parse(
    JSON.parse(execFileSync(process.execPath, [oxlint, '--rules', '--format', 'json'], { encoding: 'utf8' })),
  );
  const on = Config.parse(JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'))).rules;
  const typed = known
    .filter((rule) => rule.type_aware && `${rule.scope}/${rule.value}` in on)
    .map(({ value }) => value);
  expect(places.map(({ rule }) => rule).sort()).toEqual(typed.sort());
});

test.each(places)('oxlint reports a violation of $rule', ({ rule }) => {
  expect(reported).toContain(`${rule} ${rule}`);
});
