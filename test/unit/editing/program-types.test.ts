import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dangerOf } from '../../../main/editing/program-types.ts';
import { safeName } from '../../../main/local-files/safe-name.ts';

describe('the danger of a name', () => {
  test.each([
    'setup.exe',
    'Setup.EXE',
    'x.msi',
    'x.lnk',
    'x.jar',
    'x.dmg',
    'x.AppImage',
    'x.deb',
    'x.scr',
    'x.webloc',
    'x.wsb',
    'x.msu',
  ])('%s is a program', (name) => expect(dangerOf(name)).toBe('program'));
  test.each([
    'run.sh',
    'x.bat',
    'x.PS1',
    'x.js',
    'x.py',
    'x.desktop',
    '.desktop',
    'x.command',
    'x.url',
    'x.reg',
    'x.hta',
  ])('%s is a script', (name) => expect(dangerOf(name)).toBe('script'));
  test.each([
    'report.pdf',
    'a.docx',
    'photo.JPG',
    'notes.txt',
    'data.csv',
    'page.html',
    'archive.zip',
    'README',
    '',
    'exe',
  ])('%s is a document', (name) => expect(dangerOf(name)).toBeNull());

  test('an extension doesn’t hide behind another, letters of full width, or what nobody sees', () => {
    expect(dangerOf('report.pdf.exe')).toBe('program');
    expect(dangerOf('report.ｅｘｅ')).toBe('program');
    expect(dangerOf('report.e\u200bxe')).toBe('program');
    expect(dangerOf('report.exe\ufeff')).toBe('program');
    expect(dangerOf(safeName('report.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}'))).toBe('program');
  });

  test.each([
    ['invoice\u202Efdp.exe', 'program'],
    ['invoice.exe.', 'program'],
    ['invoice.exe . .', 'program'],
    ['invoice.exe ', 'program'],
    ['invoice.pdf:x.exe', 'program'],
    ['invoice.exe:x.pdf', null],
  ] as const)('%j is judged by the name that it gets on the disk', (key, danger) => {
    const name = safeName(key);
    expect(name).not.toMatch(/[:\u202A-\u202E]|[. ]$/);
    expect(dangerOf(name)).toBe(danger);
  });

  test('whatever stands before it, and in whatever case, a program stays one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('exe', 'Lnk', 'sCr', 'jar'), (start, extension) => {
        expect(dangerOf(safeName(`${start}.${extension}`))).toBe('program');
      }),
    );
  });
});
