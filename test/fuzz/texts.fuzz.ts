// Texts that strangers send: links, credentials, codes, deep links.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPaste } from '../../main/accounts/pasting/paste.ts';
import { WaybillError } from '../../main/failure.ts';
import { linkFromArgument } from '../../main/links/receiving/deep-link.ts';
import { inspect } from '../../main/links/receiving/inspect.ts';
import { safeName } from '../../main/local-files/safe-name.ts';
import { parseEndpoint } from '../../main/oss/endpoint.ts';
import { readSignedUrl } from '../../main/links/text/pasted-link.ts';
import { redact } from '../../main/accounts/redact.ts';
import { anyText, fuzz, mangled } from './runs.ts';

const now = Date.UTC(2026, 10, 24);
const v4 =
  'https://photos.oss-cn-hangzhou.aliyuncs.com/album/%E4%BD%A0%20b.jpg?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAIexample%2F20261124%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20261124T000000Z&x-oss-expires=3600&x-oss-signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const v1 =
  'https://photos.oss-cn-hangzhou.aliyuncs.com/a.jpg?OSSAccessKeyId=LTAI&Expires=1795500000&Signature=a%2Bb%2Fc%3D';
const links = mangled(fc.constantFrom(v4, v1, `<${v4}>`, encodeURIComponent(v1)));
const texts = fc.oneof(anyText, links, fc.webUrl({ withQueryParameters: true, withFragments: true }));

/** A pattern that runs away would take for ever; the time limit of the test then names the seed. */
function soon<T>(act: () => T): T {
  return act();
}

test('whatever is pasted as a link is told what it is, and what is called a link has a name that is safe', async () => {
  await fuzz(
    'pasted links',
    fc.property(texts, (text) => {
      const { card, url } = soon(() => inspect(text, now));
      if (card.kind !== 'link') expect(url).toBeNull();
      else {
        expect(url).toMatch(/^https?:\/\//i);
        expect(safeName(card.fileName)).toBe(card.fileName);
      }
    }),
    { among: 2 },
  );
});

test('a link that was read, read again, is the same link', async () => {
  await fuzz(
    'pasted links',
    fc.property(links, (text) => {
      const first = readSignedUrl(text);
      if (first.kind !== 'link') return;
      const again = readSignedUrl(first.url);
      expect(again).toMatchObject({ kind: 'link', url: first.url, repaired: [] });
    }),
    { among: 2 },
  );
});

test('long texts without end are read at once', () => {
  const pieces = ['https://', '%25', '&amp;', '+', '"', '\n', 'Signature=', '=', '{"', 'AccessKeyId:', ' ', '[', 'a'];
  const texts = pieces.map((piece) => piece.repeat(Math.floor(200_000 / piece.length)));
  // Texts that begin like something, and leave it open.
  const starts = ['oss.New("', 'oss.New('.repeat(100) + '"', '{"', 'AccessKeyId', 'x\n', 'env : env '];
  const open = starts.flatMap((start) =>
    ['\\"', ' ', '\n', '${a,', 'env '].map((end) => start + end.repeat(20_000) + 'x'),
  );
  for (const text of [...texts, ...open]) {
    const started = performance.now();
    soon(() => inspect(text, now));
    soon(() => readPaste(text));
    soon(() => linkFromArgument(`waybill:open?link=${text}`));
    expect(performance.now() - started, text.slice(0, 40)).toBeLessThan(5000);
  }
});

const pasted = mangled(
  fc.constantFrom(
    '{"AccessKeyId":"LTAIexample","AccessKeySecret":"secret","SecurityToken":"CAIStoken","Expiration":"2026-11-24T12:00:00Z"}',
    'export OSS_ACCESS_KEY_ID=LTAIexample\nexport OSS_ACCESS_KEY_SECRET=secret',
    'AccessKey ID: LTAIexample\nAccessKey Secret: secret',
    '[Credentials]\naccessKeyID = LTAIexample\naccessKeySecret = secret\nendpoint = oss-cn-hangzhou.aliyuncs.com',
    Buffer.from('{"id":"LTAIexample","secret":"secret"}').toString('base64'),
  ),
);

test('whatever is pasted as credentials is read or not, without an error', async () => {
  await fuzz(
    'pasted credentials',
    fc.property(fc.oneof(anyText, pasted), (text) => {
      soon(() => readPaste(text));
    }),
  );
});

test('an endpoint is read or refused in words', async () => {
  await fuzz(
    'endpoints',
    fc.property(
      fc.oneof(anyText, mangled(fc.constantFrom('https://oss-cn-hangzhou.aliyuncs.com', '[::1]:80'))),
      (text) => {
        try {
          expect(parseEndpoint(text).host).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(WaybillError);
        }
      },
    ),
  );
});

test('no deep link brings anything but an address of the web', async () => {
  await fuzz(
    'deep links',
    fc.property(texts, (text) => {
      expect(soon(() => linkFromArgument(`waybill:${text}`))).toMatch(/^(https?:\/\/[^]*)?$/i);
    }),
  );
});

test('the log keeps no signature, wherever it stands', async () => {
  await fuzz(
    'redaction',
    fc.property(anyText, anyText, (before, after) => {
      const text = redact(`${before} ${v4} ${after} ${v1} Authorization: OSS LTAI:c2lnbmF0dXJl`);
      for (const secret of ['0123456789abcdef', 'a%2Bb%2Fc', 'c2lnbmF0dXJl']) expect(text).not.toContain(secret);
    }),
  );
});
