import { expect, test } from 'vitest';
import { trustSystemCertificates } from '../../../main/shell/system-certificates.ts';

test('what the system trusts is trusted beside what Node trusts, each once', () => {
  let trusted: string[] = [];
  const stores = {
    getCACertificates: (type: string) => (type === 'system' ? ['company', 'both'] : ['both', 'public']),
    setDefaultCACertificates: (certificates: string[]) => (trusted = certificates),
  };
  expect(trustSystemCertificates(stores)).toBe(true);
  expect(trusted).toEqual(['both', 'public', 'company']);
});

test('a system without certificates, and a Node that cannot read them, change nothing', () => {
  const set = () => {
    throw new Error('changed');
  };
  expect(trustSystemCertificates({ getCACertificates: () => [], setDefaultCACertificates: set })).toBe(false);
  expect(trustSystemCertificates({})).toBe(false);
});
