import { expect, test } from 'vitest';
import { toFailure } from '../../../../main/failure.ts';
import { GrantedPaths } from '../../../../main/shell/security/granted-paths.ts';

/** The rule that a check broke, null if it passed. */
function ruleOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    const failure = toFailure(error);
    return failure.kind === 'input' ? failure.rule : failure.kind;
  }
}

test('only paths that were given are read, each of them exactly', () => {
  const paths = new GrantedPaths([]);
  paths.addReadable(['/home/li/report.pdf', '/home/li/photos']);
  expect(ruleOf(() => paths.checkReadable(['/home/li/report.pdf', '/home/li/photos']))).toBeNull();
  for (const path of [
    '/home/li/.ssh/id_rsa',
    '/home/li',
    '/home/li/photos/../.ssh/id_rsa',
    '/home/li/photos/',
    '/home/li/report.pdf\0',
    '',
  ]) {
    expect(
      ruleOf(() => paths.checkReadable(['/home/li/report.pdf', path])),
      path,
    ).toBe('path-not-granted');
  }
});

test('what was given to be read is no place to write to, and the other way round', () => {
  const paths = new GrantedPaths([]);
  paths.addReadable(['/home/li/photos']);
  paths.addTarget('/home/li/received');
  expect(ruleOf(() => paths.checkTarget('/home/li/photos'))).toBe('path-not-granted');
  expect(ruleOf(() => paths.checkReadable(['/home/li/received']))).toBe('path-not-granted');
  expect(ruleOf(() => paths.checkTarget('/home/li/received'))).toBeNull();
  expect(ruleOf(() => paths.checkTarget('/home/li/received/deeper'))).toBe('path-not-granted');
});

test('the download folders are written to without a dialog', () => {
  const paths = new GrantedPaths(['/home/li/Downloads', '/data']);
  for (const folder of ['/home/li/Downloads', '/data']) expect(ruleOf(() => paths.checkTarget(folder))).toBeNull();
  expect(ruleOf(() => paths.checkTarget('/home/li'))).toBe('path-not-granted');
});
