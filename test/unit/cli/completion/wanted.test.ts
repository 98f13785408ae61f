import { expect, test } from 'vitest';
import { accessCommand } from '../../../../main/cli/commands/access.ts';
import { getCommand } from '../../../../main/cli/commands/files/get.ts';
import { grantCommand } from '../../../../main/cli/commands/grant.ts';
import { wantedAt } from '../../../../main/cli/completion/wanted.ts';

function values(...[usage, words, current]: Parameters<typeof wantedAt>): string[] {
  const found = wantedAt(usage, words, current);
  return found.kind === 'choices' ? found.candidates.map(({ value }) => value) : [`<${found.kind}>`];
}

test('arguments are of their kind, whatever options stand between them', () => {
  const { usage } = getCommand;
  expect(values(usage, [], '')).toEqual(['<address>']);
  expect(values(usage, ['--limit', '2M', '--quiet'], 'oss')).toEqual(['<address>']);
  expect(values(usage, ['--limit=2M', 'oss://b/k', '--force'], '')).toEqual(['<path>']);
});

test('options are those that are not given yet, and their values what they can be', () => {
  const { usage } = getCommand;
  expect(values(usage, ['--force'], '--fo')).toEqual([]);
  expect(values(usage, [], '--fo')).toEqual(['--force']);
  expect(values(usage, ['--overwrite'], 'skip')).toEqual(['skip', 'skip-same']);
  expect(values(usage, [], '--overwrite=skip')).toEqual(['--overwrite=skip', '--overwrite=skip-same']);
  expect(values(usage, ['--state-dir'], '')).toEqual(['<folder>']);
  expect(values(usage, ['--limit'], '')).toEqual(['<text>']);
  expect(values(usage, ['--region'], 'cn-hangzhou-')).toEqual(['cn-hangzhou-finance']);
});

test('values of a list are completed one by one, each once', () => {
  expect(values(grantCommand.usage, ['--allow'], 'read,w')).toEqual(['read,write']);
  expect(values(grantCommand.usage, [], '--allow=read,')).not.toContain('--allow=read,read');
});

test('a command of a command has its own options and arguments', () => {
  const { usage } = accessCommand;
  expect(values(usage, [], '')).toEqual(['ls', 'grant', 'revoke']);
  expect(values(usage, ['grant'], '--t')).toEqual(['--to']);
  expect(values(usage, ['revoke'], '--t')).toEqual([]);
  expect(values(usage, ['revoke', '--from', 'x'], '')).toEqual(['<address>']);
});
