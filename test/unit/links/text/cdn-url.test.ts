import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import type { CdnAuth } from '../../../../main/links/cdn/cdn-auth.ts';
import { signCdnLink } from '../../../../main/links/cdn/cdn-link.ts';
import { ReceivedLinks } from '../../../../main/links/receiving/received-links.ts';
import { recognise } from '../../../../main/links/receiving/recognise.ts';
import { usualNames } from '../../../../main/links/text/cdn-url.ts';
import { linkFieldsOf } from '../../../../main/links/text/link-fields.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';

const HASH = 'a37fa50a5fb8f71214b1e7c95ec7a1bd';
const NOW = Date.parse('2026-11-30T12:00:30Z');

/** The examples of the documents, and what they say of themselves. */
const documented = [
  [
    'http://cdn.example.com/video/standard/1K.html?auth_key=1444435200-0-0-80cd3862d699b7118eed99103f2a3a4f',
    { type: 'A', key: 'video/standard/1K.html', signedAt: Date.parse('2015-10-10T00:00:00Z') },
  ],
  [
    'http://cdn.example.com/201508150800/9044548ef1527deadafa49a890a377f0/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3',
    {
      type: 'B',
      key: '4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3',
      signedAt: Date.parse('2015-08-15T00:00:00Z'),
    },
  ],
  [
    `http://cdn.example.com/${HASH}/55CE8100/test.flv`,
    { type: 'C', key: 'test.flv', signedAt: Date.parse('2015-08-15T00:00:00Z') },
  ],
  [
    `http://cdn.example.com/test.flv?KEY1=${HASH}&KEY2=55CE8100`,
    { type: 'C', key: 'test.flv', signedAt: Date.parse('2015-08-15T00:00:00Z') },
  ],
  [
    `http://cdn.example.com/test.flv?sign=${HASH}&time=55CE8100`,
    { type: 'F', key: 'test.flv', signedAt: Date.parse('2015-08-15T00:00:00Z') },
  ],
] as const;

test.each(documented)('%s is read as the documents mean it', (url, { key, ...expected }) => {
  const reading = readSignedUrl(`See ${url} for it.`);
  expect(reading).toMatchObject({ kind: 'cdn', host: 'cdn.example.com', url, ...expected });
  if (reading.kind === 'cdn') expect(reading.parts).toMatchObject({ bucket: null, key });
  expect(recognise(url)).toBe('link');
  expect(linkFieldsOf(url)).toMatchObject({ reading: 'cdn', key, type: expected.type });
});

const auths: readonly CdnAuth[] = [
  { type: 'A' },
  { type: 'B' },
  { type: 'C', names: null },
  { type: 'C', names: usualNames.C },
  { type: 'F', names: usualNames.F, time: 'hex', path: 'encoded' },
  { type: 'F', names: usualNames.F, time: 'decimal', path: 'decoded' },
];

test.each(auths)('a link of Waybill is recognised, with the end that it was made for: %j', (auth) => {
  const domain = { domain: 'cdn.example.com', auth, validitySeconds: 600 };
  const request = { domain, key: '目录/a b+c.txt', options: { expiresSeconds: 7200 }, now: NOW };
  const link = signCdnLink({ ...request, privateKey: 'Primary0123456789' });
  const received = new ReceivedLinks(new Agent(), (host) => (host === 'cdn.example.com' ? 600 : null));
  const card = received.inspect(link.url, NOW);
  if (card.kind !== 'cdn-link') throw new Error(card.kind);
  expect(card).toMatchObject({ type: auth.type, key: '目录/a b+c.txt', fileName: 'a b+c.txt', bucket: null });
  expect(card.signedAt + (card.validitySeconds ?? 0) * 1000).toBe(link.validUntil);
  expect(JSON.stringify(card)).not.toMatch(/[0-9a-f]{32}/);
  expect(received.target(card.linkId).url).toBe(link.url);
});

describe('what has not the whole form is no link of a CDN', () => {
  test.each([
    'https://cdn.example.com/a?auth_key=1-0-0-0',
    `https://cdn.example.com/a?auth_key=1444435200-0-${HASH}`,
    `https://cdn.example.com/a?auth_key=1444435200-0-0-${HASH.slice(1)}`,
    `https://cdn.example.com/201513150800/${HASH}/a.mp3`,
    `https://cdn.example.com/201508150800/${HASH}/`,
    `https://cdn.example.com/201508150800/${HASH}`,
    `https://cdn.example.com/${HASH}/0000001F/a`,
    `https://cdn.example.com/a?sign=${HASH}&time=55CE8100&x=1`,
    `https://cdn.example.com/a?sign=${HASH}`,
    `https://cdn.example.com/a?KEY1=${HASH}&KEY2=tomorrow`,
    `https://cdn.example.com/%zz?sign=${HASH}&time=55CE8100`,
  ])('%s', (url) => {
    expect(readSignedUrl(url).kind).not.toBe('cdn');
  });

  test('a link of OSS in the same text goes first', () => {
    const cdn = `https://cdn.example.com/a?sign=${HASH}&time=55CE8100`;
    const oss =
      'https://b.oss-cn-hangzhou.aliyuncs.com/k?OSSAccessKeyId=LTAI&Expires=1999999999&Signature=MTIzNDU2Nzg5MDEyMzQ1Njc4OTA%3D';
    expect(readSignedUrl(`${cdn}\n${oss}`).kind).toBe('link');
  });

  test('an address of a public file on a host of OSS stays one, whatever its path looks like', () => {
    expect(readSignedUrl(`https://b.oss-cn-hangzhou.aliyuncs.com/201508150800/${HASH}/a.mp3`).kind).toBe('unsigned');
  });
});
