import { expect, test } from 'vitest';
import { rawRequestOf } from '../../../../main/http/threads/raw-request.ts';

const request = { origin: 'https://host', path: '/k?a=b', method: 'GET', headers: { accept: '*/*' } };

test('a request is written as it is, with its host', () => {
  expect(rawRequestOf(request, {}).head).toBe(
    'GET /k?a=b HTTP/1.1\r\naccept: */*\r\nhost: host\r\nconnection: keep-alive\r\n\r\n',
  );
});

test.each([
  ['http://127.0.0.1:8080', { isSecure: false, host: '127.0.0.1', port: 8080 }],
  ['https://[::1]', { isSecure: true, host: '::1', port: 443 }],
  ['HTTP://A-b_c.example', { isSecure: false, host: 'a-b_c.example', port: 80 }],
])('%s is where it goes', (origin, expected) => {
  expect(rawRequestOf({ ...request, origin }, {}).origin).toMatchObject(expected);
});
