import { describe, expect, test } from 'vitest';
import { splitCommand } from '../../../../main/accounts/sources/split-command.ts';

describe('on Unix', () => {
  test.each([
    ['tool', ['tool']],
    ['  tool  --for  me ', ['tool', '--for', 'me']],
    [`"/opt/my tools/x" 'a b' c\\ d`, ['/opt/my tools/x', 'a b', 'c d']],
    [`tool "" ''`, ['tool', '', '']],
    [String.raw`tool "a\"b" "c\d" 'e\f'`, ['tool', 'a"b', String.raw`c\d`, String.raw`e\f`]],
    ['tool \\\n --for \\\n me\\\nthod', ['tool', '--for', 'method']],
    ['tool \\\n\\\n  me', ['tool', 'me']],
    ['tool; rm -rf $HOME `id` | sh', ['tool;', 'rm', '-rf', '$HOME', '`id`', '|', 'sh']],
    [`a"b"'c'd`, ['abcd']],
  ])('%j is %j', (command, words) => {
    expect(splitCommand(command, false)).toEqual(words);
  });

  test.each(['', '   ', '""', 'tool "open', "tool 'open", 'tool \\'])('%j is no command', (command) => {
    expect(splitCommand(command, false)).toBeNull();
  });

  test('a long one takes no longer than its length', () => {
    expect(splitCommand(`${'a'.repeat(50_000)}"`, false)).toBeNull();
  });
});

describe('on Windows', () => {
  test.each([
    [String.raw`C:\tools\cred.exe --to x`, [String.raw`C:\tools\cred.exe`, '--to', 'x']],
    [String.raw`"C:\Program Files\cred.exe" "a\"b"`, [String.raw`C:\Program Files\cred.exe`, 'a"b']],
  ])('%j is %j', (command, words) => {
    expect(splitCommand(command, true)).toEqual(words);
  });

  test('a folder in quotes can’t end with its separator, which escapes the quote', () => {
    expect(splitCommand(String.raw`"C:\tools\"`, true)).toBeNull();
  });
});
