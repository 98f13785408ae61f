import { describe, expect, test } from 'vitest';
import { assignFiles } from '../../../../../../renderer/screens/receive/slots/slot-matching.ts';

describe('files for the slots of an upload request', () => {
  test('go where their names are asked for, with the folder before it where there is one', () => {
    const { taken, left } = assignFiles(
      ['list.csv', '2026/list.csv', 'logo.png'],
      ['/home/li/2026/list.csv', '/home/li/list.csv', String.raw`C:\Users\li\logo.png`],
    );
    expect(Object.fromEntries(taken.map(({ name, path }) => [name, path]))).toEqual({
      '2026/list.csv': '/home/li/2026/list.csv',
      'list.csv': '/home/li/list.csv',
      'logo.png': String.raw`C:\Users\li\logo.png`,
    });
    expect(left).toEqual([]);
  });

  test('match in small and capital letters alike where nothing matches exactly', () => {
    expect(assignFiles(['report.PDF'], ['/a/Report.pdf']).taken).toEqual([
      { name: 'report.PDF', path: '/a/Report.pdf' },
    ]);
  });

  test('are left over where no slot is named after them, and a slot takes one only', () => {
    expect(assignFiles(['a.txt'], ['/x/a.txt', '/y/a.txt', '/x/b.txt'])).toEqual({
      taken: [{ name: 'a.txt', path: '/x/a.txt' }],
      left: ['/y/a.txt', '/x/b.txt'],
    });
  });

  test('fill numbered slots in order', () => {
    const { taken, left } = assignFiles(['02', '03'], ['/x/one.jpg', '/x/two.jpg', '/x/three.jpg']);
    expect(taken.map(({ name }) => name)).toEqual(['02', '03']);
    expect(left).toEqual(['/x/three.jpg']);
  });
});
