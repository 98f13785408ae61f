import { expect, test } from 'vitest';
import { type Content, resolveRule } from '../../../../main/transfers/run/same-content.ts';

function content(fields: { sizeBytes?: number | null; modifiedAt?: number; crc64?: string | null }): Content {
  const { sizeBytes = 3, modifiedAt = 1_000, crc64 = '7' } = fields;
  return { sizeBytes, modifiedAt, crc64: () => Promise.resolve(crc64) };
}

test.each([
  [999, 'skip'],
  [1_000, 'skip'],
  [1_001, 'replace'],
] as const)('what is there since 1,000 is left or replaced by what is of %i: %s', async (modifiedAt, expected) => {
  const incoming = () => Promise.resolve(content({ modifiedAt }));
  expect(await resolveRule('replace-older', incoming, () => Promise.resolve(content({})))).toBe(expected);
});

test.each([
  [{}, {}, 'skip'],
  [{ sizeBytes: 4 }, {}, 'replace'],
  [{ crc64: '8' }, {}, 'replace'],
  [{ sizeBytes: null }, { sizeBytes: null }, 'replace'],
  [{ crc64: null }, { crc64: null }, 'replace'],
])('%j in place of %j: the same bytes are known by size and CRC-64 alone: %s', async (offered, present, expected) => {
  const rule = resolveRule(
    'skip-same',
    () => Promise.resolve(content(offered)),
    () => Promise.resolve(content(present)),
  );
  expect(await rule).toBe(expected);
});

test('what is not there yet is asked about if it comes up later', async () => {
  const nothing = () => Promise.resolve(null);
  const never = () => Promise.reject(new Error('nothing to compare with'));
  expect(await resolveRule('skip-same', never, nothing)).toBe('ask');
  expect(await resolveRule('replace-older', never, nothing)).toBe('ask');
  expect(await resolveRule('keep-both', never, never)).toBe('keep-both');
});
