import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HmacKey } from '../../../../main/oss/signing/hmac.ts';

test.each(['sha1', 'sha256'] as const)('gives what OpenSSL gives, with %s', (algorithm) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.string({ unit: 'grapheme' })), (key, texts) => {
      const hmac = new HmacKey(algorithm, key);
      for (const text of texts) {
        expect(hmac.sign(text, 'hex')).toBe(createHmac(algorithm, key).update(text).digest('hex'));
      }
    }),
  );
});

test('a text longer than any before it is signed whole', () => {
  const hmac = new HmacKey('sha256', Buffer.from('key'));
  for (const length of [1, 5000, 10, 100_000]) {
    const text = '运'.repeat(length);
    expect(hmac.sign(text, 'base64')).toBe(createHmac('sha256', 'key').update(text).digest('base64'));
  }
  expect(hmac.derive('text')).toEqual(createHmac('sha256', 'key').update('text').digest());
});
