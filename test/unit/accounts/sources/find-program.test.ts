import { describe, expect, test } from 'vitest';
import { findProgram } from '../../../../main/accounts/sources/find-program.ts';

const there = new Set([
  'C:\\tools\\keys.exe',
  'D:\\more\\keys.exe',
  'D:\\more\\old.com',
  '.\\bin\\keys.exe',
  'keys.exe',
]);
const windows = { platform: 'win32', exists: (path: string) => there.has(path) } as const;

describe('a program of a command', () => {
  test.each([
    ['keys', '.;bin;C:\\tools;D:\\more', 'C:\\tools\\keys.exe'],
    ['keys.exe', '"D:\\more";C:\\tools', 'D:\\more\\keys.exe'],
    ['old', 'C:\\tools;D:\\more\\', 'D:\\more\\old.com'],
    // It lies in the current folder alone.
    ['keys', '.;bin;;C:\\elsewhere', null],
    ['keys', '', null],
    ['.\\keys.exe', '', '.\\keys.exe'],
    ['D:\\more\\keys.exe', '', 'D:\\more\\keys.exe'],
  ])('%s is found in the folders of %s on Windows, not in the current one', (file, path, found) => {
    expect(findProgram(file, { Path: path }, windows)).toBe(found);
  });

  test('is left to the system elsewhere', () => {
    expect(findProgram('keys', {}, { platform: 'linux', exists: () => false })).toBe('keys');
  });
});
