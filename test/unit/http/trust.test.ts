import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { authorities } from '../../../main/http/trust.ts';

const stores = { getCACertificates: (type: string) => (type === 'system' ? ['company', 'both'] : ['both', 'public']) };

test('what the system trusts and what was added is trusted beside what Node trusts, each once', () => {
  expect(authorities(['added', 'public'], stores)).toEqual(['both', 'public', 'company', 'added']);
});

test('a Node that cannot read the stores adds to its own list', () => {
  expect(authorities(['added'], {})).toEqual([...new Set(rootCertificates), 'added']);
});

test('where nothing comes to what Node trusts by itself, nothing is changed', () => {
  expect(authorities([], {})).toBeNull();
  expect(authorities([], { getCACertificates: () => [] })).toBeNull();
});
