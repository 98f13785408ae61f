import { expect, test } from 'vitest';
import words from '../../../../assets/passphrase-words.json' with { type: 'json' };
import { checkPassphrase, strengthOf } from '../../../../main/accounts/passphrases/strength.ts';
import { suggestPassphrase } from '../../../../main/accounts/passphrases/suggestion.ts';

test.each([
  'password',
  'Password123!',
  'P@ssw0rd2026',
  '12345678',
  '87654321',
  '        ',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'abcabcabcabcabcabc',
  'qwertyuiop',
  'qwertyqwertyqwerty',
  'abcdefghijklmnop',
  'iloveyou2026',
  'correct horse battery staple',
  'waybill waybill waybill',
  'aliyun-oss-2026',
  'letmein letmein',
  'passphrase',
  '!@#$%^&*()',
  '1qaz@WSX3edc$RFV',
  '!QAZ2wsx#EDC4rfv',
  '1qaz2wsx3edc4rfv',
  'йцукенгшщзхъ',
  'парольпривет',
  'thequickbrownfoxjumps',
  'zhangsan19900101',
  'Geheimnis2024!',
  // Digits for letters in words that no list has.
  'Tr0ub4dor&3',
  'M4rgar3tha#1',
  '我爱你一生一世永远',
  '我的口令很难猜到',
  '비밀번호비번암호',
])('%j is no passphrase for an access code', (passphrase) => {
  expect(strengthOf(passphrase, 'grant')).toBe('weak');
  expect(() => checkPassphrase(passphrase, 'grant')).toThrow(
    expect.objectContaining({ failure: { kind: 'input', field: 'passphrase', rule: 'passphrase-too-weak' } }),
  );
});

test.each(['password', '12345678', 'Password1', 'qwertyuiop', '        ', 'summer2026'])(
  '%j is none for the lock either',
  (passphrase) => {
    expect(strengthOf(passphrase, 'lock')).toBe('weak');
  },
);

test('fewer than eight characters are too few, whatever they are', () => {
  expect(strengthOf('x7#Q-2p', 'lock')).toBe('short');
  expect(strengthOf('😀😁😂🤣', 'lock')).toBe('short');
  expect(() => checkPassphrase('x7#Q-2p', 'grant')).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({ rule: 'passphrase-too-short', limit: '8' }) as object,
    }),
  );
});

test.each([
  ['seven wombats juggle on Tuesdays', 'grant'],
  ['Kp4#vq9!Zt2x', 'grant'],
  ['我的小船每天晚上在月亮后面睡觉', 'grant'],
  // Chosen by a generator.
  ['xkqzjvbwmpty', 'grant'],
  ['Zk3v9QpL2x', 'grant'],
  ['7f3a9c0e51b8', 'grant'],
  ['4e0c1a7d53b0f1a4', 'grant'],
  ['m0r4s3b1t7k5', 'grant'],
  ['k8#Qz!2p', 'lock'],
  ['wombats on ice', 'lock'],
] as const)('%j will do', (passphrase, use) => {
  expect(strengthOf(passphrase, use)).toMatch(/^(fair|strong)$/);
});

test('what Waybill suggests is never refused, made of its words, and never the same', () => {
  expect(new Set(words).size).toBe(1024);
  const suggested = Array.from({ length: 100 }, () => suggestPassphrase('grant'));
  expect(new Set(suggested).size).toBe(100);
  for (const passphrase of suggested) {
    expect(strengthOf(passphrase, 'grant')).not.toBe('weak');
    const parts = passphrase.split('-');
    expect(parts).toHaveLength(6);
    for (const part of parts) expect(words).toContain(part);
  }
  for (let count = 0; count < 100; count += 1) expect(strengthOf(suggestPassphrase('lock'), 'lock')).not.toBe('weak');
});

test('a text of any length is judged by its beginning, which bounds the time', () => {
  for (const text of ['a', 'ab', 'Ω', 'password']) expect(strengthOf(text.repeat(200_000), 'grant')).toBe('weak');
});
