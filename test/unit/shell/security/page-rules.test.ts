import { expect, test } from 'vitest';
import { isOurs, mayOpenOutside } from '../../../../main/shell/security/page-rules.ts';

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

const page = {};
const main = { url: 'app://waybill/index.html', parent: null };

test('the main frame of our window, showing our page, is answered', () => {
  expect(isOurs({ sender: page, senderFrame: main }, page, 'app://waybill')).toBe(true);
});

test.each([
  ['another page', { sender: {}, senderFrame: main }],
  ['a frame inside our page, even one of our own origin', { sender: page, senderFrame: { ...main, parent: main } }],
  ['a frame that has gone', { sender: page, senderFrame: null }],
  ['a page of the web', { sender: page, senderFrame: { ...main, url: 'https://example.com/' } }],
  ['an origin that begins like ours', { sender: page, senderFrame: { ...main, url: 'app://waybill.example/' } }],
  ['an empty page', { sender: page, senderFrame: { ...main, url: 'about:blank' } }],
  ['a page made of data', { sender: page, senderFrame: { ...main, url: 'data:text/html,app://waybill/' } }],
])('%s is refused', (_what, event) => {
  expect(isOurs(event, page, 'app://waybill')).toBe(false);
});

test('without a window nobody is answered', () => {
  expect(isOurs({ sender: page, senderFrame: main }, null, 'app://waybill')).toBe(false);
});
