import { expect, test } from 'vitest';
import { isOurs } from '../../../../main/shell/security/sender.ts';

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
