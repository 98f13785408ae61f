// Random texts by the million: none of them holds a signed link, so none may be read as one; and links that were mangled,
// of which anything may be left, are read without an error.
import { expect, test } from 'vitest';
import { readSignedUrls } from '../../main/links/text/pasted-link.ts';
import type { Seeded } from '../support/seeded.ts';
import { fuzzQuickly } from './runs.ts';

const words = [
  ...[
    'the',
    'Report',
    'of',
    'links',
    '报告',
    '（终稿）',
    'https',
    'oss',
    'Signature',
    'Expires',
    'see',
    'mailto:a@b.example',
  ],
  ...[
    'Grüße,',
    '-- ',
    '>',
    '> >',
    '|',
    '"',
    "'",
    '<br>',
    '&amp;',
    '&nbsp;',
    '=3D',
    '=\n',
    '\n\n',
    '\t',
    '\r\n',
    '`',
    '**',
  ],
  ...[
    'aHR0cHM6Ly9leGFtcGxlLmNvbS8',
    'http://',
    'https://',
    'https:/',
    'hxxps://',
    '://',
    '//',
    '?',
    '&',
    '#',
    '%',
    '%2F',
  ],
  ...['\u{200b}', '\u{feff}', '\u{a0}', '\u{202e}', '😀', '\0', '\u{d800}', '}', '{"url":"', '"}', '</a>', '<a href="'],
];
const hosts = [
  ...[
    'photos.oss-cn-hangzhou.aliyuncs.com',
    'oss-cn-beijing.aliyuncs.com',
    'static.example.com',
    'example.com',
    'localhost:9000',
  ],
  ...[
    'photos.oss-accelerate.aliyuncs.com',
    '127.0.0.1',
    '[::1]:80',
    'bucket.s3.amazonaws.com',
    'aliyuncs.com',
    'a.aliyuncs.com',
  ],
];
/** Of signed links too, but never a signature. */
const params = [
  ...['OSSAccessKeyId=LTAI5tExample', 'Expires=1795500000', 'x-oss-expires=3600', 'x-oss-date=20261124T000000Z', 'a=b'],
  ...['x-oss-signature-version=OSS4-HMAC-SHA256', 'security-token=CAISexample', 'x-oss-process=image/resize,w_1'],
  ...[
    'x-oss-credential=LTAI5tExample%2F20261124%2Fcn-hangzhou%2Foss%2Faliyun_v4_request',
    'Signature=',
    'x-oss-signature=',
  ],
  ...['url=https%3A%2F%2Fphotos.oss-cn-hangzhou.aliyuncs.com%2Fa', 'versionId=CAEQ', 'q=%E4%BD%A0', 'utm_source=mail'],
];
const links = [
  'https://photos.oss-cn-hangzhou.aliyuncs.com/album/%E4%BD%A0%20b.jpg?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAIexample%2F20261124%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20261124T000000Z&x-oss-expires=3600&x-oss-signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef#waybill=eyJ2IjoxLCJtIjoiUFVUIn0',
  'https://photos.oss-cn-hangzhou.aliyuncs.com/a.jpg?OSSAccessKeyId=LTAI5tExample&Expires=1795500000&Signature=c2lnbmF0dXJlIG9mIDIwIGJ5dGU%3D',
];

function times(count: number, make: () => string): string {
  let text = '';
  for (let done = 0; done < count; done += 1) text += make();
  return text;
}

function noise(random: Seeded): string {
  const limit = random.pick([128, 256, 0x1_0000]);
  return times(random.below(120), () => String.fromCharCode(random.below(limit)));
}

function prose(random: Seeded): string {
  return times(random.below(40), () => `${random.pick(words)}${random.pick([' ', ' ', ' ', '', '\n'])}`);
}

function address(random: Seeded): string {
  const path = times(
    random.below(4),
    () => `/${random.pick(['a', 'b.txt', '%20', '你', 'https://x.example', '..', '+', ''])}`,
  );
  const query = times(random.below(5), () => `${random.pick(['&', '&', '&amp;', ';', '?'])}${random.pick(params)}`);
  const scheme = random.pick(['https://', 'http://', '', 'HTTPS://', 'https%3A%2F%2F', 'https:\\/\\/', 'https：／／']);
  return `${scheme}${random.pick(hosts)}${path}?${query.slice(1)}${random.pick(['', '', '#waybill=e30', '#a'])}`;
}

function debris(random: Seeded): string {
  const separator = random.pick([',', '\t', ';', '","', '</td><td>', '\n', ' | ', '\\n', '&#10;', '=\r\n']);
  return times(random.below(8), () => `${random.pick([address, prose, noise])(random).slice(0, 200)}${separator}`);
}

function mangled(random: Seeded): string {
  let text = times(1 + random.below(2), () => random.pick([address(random), ...links]));
  for (let cuts = 1 + random.below(4); cuts > 0; cuts -= 1) {
    const at = random.below(text.length);
    text = text.slice(0, at) + random.pick(words) + text.slice(at + random.below(30));
  }
  return text;
}

test('random text never becomes a link', async () => {
  await fuzzQuickly('pasted texts', { among: 1.25 }, (random) => {
    const text = random.pick([noise, noise, prose, prose, address, debris])(random);
    if (readSignedUrls(text).links.length > 0) expect(text, 'is read as a link').toBe('');
  });
});

test('a mangled link is read without an error, and what is left of it has a host, a key and a signature', async () => {
  await fuzzQuickly('pasted texts', { among: 5 }, (random) => {
    const text = mangled(random);
    for (const { url, parts } of readSignedUrls(text).links) {
      if (!URL.canParse(url) || parts.key === '' || !/signature=[^&#]/i.test(url)) expect(text).toBe(url);
    }
  });
});
