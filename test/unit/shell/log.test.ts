import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
