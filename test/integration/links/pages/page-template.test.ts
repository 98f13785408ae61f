// The pages as they are built: one file each, whose policy allows its own script and style and the bucket's host alone.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from 'undici';
import { issueForm } from '../../../../main/links/forms/issue-form.ts';
import { renderDropPage } from '../../../../main/links/pages/drop-page.ts';
import { ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { renderPage } from '../../../../main/links/pages/page-template.ts';
import { buildPages } from '../../../support/pages.ts';
import { t, zh } from '../../../support/words.ts';

const origin = 'https://examplebucket.oss-cn-hangzhou.aliyuncs.com';
let folder: string;
let pages: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-pages-'));
  pages = await buildPages(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const insideOf = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, inside = '']) => inside);

/** Content-Security-Policy of a page, by directive. */
function policyOf(html: string): Record<string, string> {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1] ?? '';
  return Object.fromEntries(policy.split('; ').map((line) => line.split(/ (.*)/, 2))) as Record<string, string>;
}

/** Bytes before the data. With prepared uploads a page is never small: their signatures are some 40 bytes a part. */
const sizes = { drop: 39_500, drop_parts: 47_800, share: 38_000 } as const;

describe.each(['drop', 'drop_parts', 'share'] as const)('the %s page', (name) => {
  test('is small', async () => {
    expect((await readFile(new URL(`${name}.html`, pages))).length).toBeLessThan(sizes[name]);
  });

  test('allows its own script and style, the given hosts, and nothing else', async () => {
    const html = await renderPage(name, { origins: [origin], data: {} }, pages);
    const [script = ''] = insideOf(html, 'script');
    const [style = ''] = insideOf(html, 'style');
    expect(policyOf(html)).toEqual({
      'default-src': "'none'",
      'script-src': `${hashOf(script)} 'wasm-unsafe-eval'`,
      'style-src': hashOf(style),
      'connect-src': origin,
      'img-src': `${origin} data: blob:`,
      ...(name === 'share' ? { 'frame-src': origin } : {}),
      'worker-src': 'blob:',
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });

  test('asks for no other file', async () => {
    const html = await renderPage(name, { origins: [origin], data: {} }, pages);
    const [script = ''] = insideOf(html, 'script');
    expect(html.replace(script, '')).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\(/i);
  });

  test('holds the same script and style whatever its data', async () => {
    const [one, other] = await Promise.all(
      [{ note: 'one' }, { note: 'another' }].map((data) => renderPage(name, { origins: [origin], data }, pages)),
    );
    expect(insideOf(one ?? '', 'script')).toEqual(insideOf(other ?? '', 'script'));
    expect(policyOf(one ?? '')).toEqual(policyOf(other ?? ''));
  });

  test('holds data that no text in it can end or turn into markup', async () => {
    const data = { note: '</script><script>alert(1)</script><!-- $& $` <!--data-->', url: `${origin}/?a&amp;b` };
    const html = await renderPage(name, { origins: [origin], data }, pages);
    const block = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html)?.[1] ?? '';
    expect(JSON.parse(block)).toEqual(data);
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  test('says in both languages what to do when its script doesn’t run', async () => {
    const plain = { links: '<ul><li>a $& b</li></ul>', until: '2026-12-01 19:51 UTC' };
    const html = await renderPage(name, { origins: [], data: {}, plain }, pages);
    const key = name === 'share' ? 'page.share.plain' : 'page.static';
    for (const said of [t(key, { moment: plain.until }), zh(key, { moment: plain.until })]) {
      expect(html.includes(said)).toBe(true);
    }
    expect(html.includes(plain.links)).toBe(name === 'share');
  });
});

test('a drop page that a session signed is small as a whole', async () => {
  const accessKey = { accessKeyId: 'STS.NU', accessKeySecret: 'secret', securityToken: `CAIS${'a'.repeat(996)}` };
  const { form } = issueForm(
    {
      ...{ endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'), region: 'cn-hangzhou', signVersion: 'v4' },
      ...{ accessKey: () => Promise.resolve(accessKey), dispatcher: new Agent(), clock: new ServerClock(Date.now) },
    },
    { accessKey, validUntil: null },
    {
      ...{ bucket: 'samples', prefix: 'inbox/', slots: null, contentTypes: [], forbidOverwrite: true },
      ...{ sizeBytes: { min: 1, max: 1024 }, expiresSeconds: 3600 },
    },
  );
  const html = await renderDropPage(form, [], pages);
  // The token stands in the form's policy, too, and there in base64.
  expect(Buffer.byteLength(html)).toBeLessThan(43_300);
});

test('names of texts and of properties are short in a page, and none is left over', async () => {
  for (const name of ['drop', 'drop_parts', 'share']) {
    const html = await readFile(new URL(`${name}.html`, pages), 'utf8');
    expect(html.match(/["`]page\.[\w.-]+|mayHaveArrived|--text-quiet/g)).toBeNull();
  }
});

test.each(['http://bucket.example.com', 'ftp://127.0.0.1'])('a page is refused %s', async (insecure) => {
  await expect(renderPage('drop', { origins: [insecure], data: {} }, pages)).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'page-over-http' },
  });
});

test('a share page may link to a domain without a certificate', async () => {
  const html = await renderPage('share', { origins: ['http://files.example.com'], data: {} }, pages);
  expect(policyOf(html)['connect-src']).toBe('http://files.example.com');
});

test('a page may reach a practice server on this computer', async () => {
  const html = await renderPage('drop', { origins: ['http://127.0.0.1:4711/bucket/'], data: {} }, pages);
  expect(policyOf(html)['connect-src']).toBe('http://127.0.0.1:4711');
});

test.each(['https://a"b', 'https://*', 'https://a;b', "https://a'b", 'https://*.example.com'])(
  'a page reaches no more than a host: %s is none',
  async (origin) => {
    for (const name of ['drop', 'share'] as const) {
      await expect(renderPage(name, { origins: [origin], data: {} }, pages)).rejects.toMatchObject({
        failure: { kind: 'input', rule: 'endpoint-format' },
      });
    }
  },
);
