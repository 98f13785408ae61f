import { expect, test } from 'vitest';
import { mayOpenOutside } from '../../../../main/shell/security/outside.ts';

test.each(['https://www.alibabacloud.com/help/en/oss/', 'https://help.aliyun.com/zh/oss/', 'https://aliyun.com/'])(
  '%s opens in the browser',
  (address) => {
    expect(mayOpenOutside(address)).toBe(true);
  },
);

test.each([
  'http://www.alibabacloud.com/',
  'https://example.com/',
  'https://alibabacloud.com.example.com/',
  'https://notaliyun.com/',
  'https://stolen.oss-cn-hangzhou.aliyuncs.com/?secret',
  'https://secret@help.aliyun.com/',
  'https://help.aliyun.com:8443/',
  `https://help.aliyun.com/?${'a'.repeat(2048)}`,
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://server/share',
  'ms-settings:',
  'waybill:open',
  '//help.aliyun.com/',
  '',
])('%s does not', (address) => {
  expect(mayOpenOutside(address)).toBe(false);
});
