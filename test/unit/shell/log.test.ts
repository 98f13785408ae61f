import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyUnicode } from '../../support/any-unicode.ts';
import { recordBug, startLog } from '../../../main/shell/log.ts';

test('the text of a page’s error is in the log under its ID, without its secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  try {
    startLog(folder);
    recordBug(
      'abcd1234',
      'TypeError: no body in https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-signature=5ec12e7&a=1\n    at f',
    );
    const written = readFileSync(join(folder, 'main.log'), 'utf8');
    expect(written).toContain('abcd1234');
    expect(written).toContain(
      'TypeError: no body in https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-signature=[redacted]&a=1',
    );
    expect(written).not.toContain('5ec12e7');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an event is one line, whatever it holds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  try {
    startLog(folder);
    let count = 0;
    fc.assert(
      fc.property(anyUnicode, anyUnicode, (message, cause) => {
        recordBug('abcd1234', new Error(message, { cause: new Error(cause) }));
        recordBug('abcd1234', `${message}\n[2026-11-24 10:00:00.000] [error] forged`);
        count += 2;
      }),
    );
    const lines = readFileSync(join(folder, 'main.log'), 'utf8').split(/\r\n|[\n\r\u0085\u2028\u2029]/);
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(line).toMatch(/^\[[-\d :.]+\] \[error\] {1,4}abcd1234 [^\p{Cc}\u202e]*$/u);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
