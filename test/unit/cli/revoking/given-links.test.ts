import { expect, test } from 'vitest';
import { readGivenLinks } from '../../../../main/cli/revoking/given-links.ts';
import { t } from '../../../support/words.ts';

const signature = 'Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D';
const link = (bucket: string, id: string, end: number): string =>
  `https://${bucket}.oss-cn-hangzhou.aliyuncs.com/k${end}?Expires=${end}&OSSAccessKeyId=${id}&${signature}`;
const several = (count: number): string => t('cli.several-links.revoke', { count });

test('links of one signer and bucket are read together, until the last of them expires', () => {
  const text = [link('b', 'LTAI5tONE', 1_800_000_001), link('b', 'LTAI5tONE', 1_800_000_009)].join('\n');
  expect(readGivenLinks(text)).toMatchObject({ count: 2, validUntil: 1_800_000_009_000, bucket: null });
});

test('the link that is tried is the one that expires last: the end of another says nothing about it', () => {
  const [short, long] = [link('b', 'LTAI5tONE', 1_800_000_001), link('b', 'LTAI5tONE', 1_800_000_009)];
  const tried = { parts: { key: 'k1800000009' } };
  expect(readGivenLinks(`${short}\n${long}`)).toMatchObject({ tried });
  expect(readGivenLinks(`${long}\n${short}`)).toMatchObject({ tried });
});

test('links of several signers or buckets are not', () => {
  const one = link('b', 'LTAI5tONE', 1_800_000_001);
  expect(() => readGivenLinks(`${one}\n${link('b', 'LTAI5tTWO', 1_800_000_002)}`)).toThrow(several(2));
  expect(() => readGivenLinks(`${one}\n${link('other', 'LTAI5tONE', 1_800_000_002)}`)).toThrow(several(2));
});

test('what is no link is named as what it is', () => {
  expect(() => readGivenLinks('hello')).toThrow(t('receive.not-a-link.title'));
});
