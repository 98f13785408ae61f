import { expect, test } from 'vitest';
import { dataOfPage } from '../../../../main/links/receiving/page-data.ts';
import { isManifest, readManifest } from '../../../../main/links/receiving/share-manifest.ts';

const manifest =
  '{"waybill":"share","version":2,"madeAt":"2026-11-24T12:00:00Z","validUntil":"2026-11-24T13:00:00Z","bucket":"samples","texts":[],"objects":[]}';
const block = `<script type="application/json" id="data">${manifest}</script>`;
const metas = `<meta charset="utf-8" />\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'" />`;
const page = (head: string, rest = '<title>x</title></head><body></body></html>') =>
  `<!doctype html>\n<html lang="en">\n  <head>\n    ${head}\n${rest}`;

test('the manifest of a page is found behind the tags that have no content', () => {
  const html = page(`${metas}\n${block}`);
  expect(dataOfPage(html)).toBe(manifest);
  expect(isManifest(html)).toBe(true);
  expect(readManifest(html)).toMatchObject({ bucket: 'samples', objects: [] });
});

test.each([
  ['as a browser saves it', page(`${metas}${block}`).replace('<!doctype html>', '<!DOCTYPE html>')],
  [
    'with the address that it was saved from',
    page(`${metas}${block}`).replace('\n', '\n<!-- saved from url=(0042)https://b.example.com/a%20b?x=--&y -->\n'),
  ],
  ['with a byte order mark and line ends of Windows', `\ufeff${page(`${metas}\n${block}`).replaceAll('\n', '\r\n')}`],
])('a page is read %s', (_how, html) => {
  expect(readManifest(html)).toMatchObject({ bucket: 'samples' });
});

test('the start of a page is enough to say that it is one', () => {
  expect(isManifest(page(metas + block).slice(0, 400))).toBe(true);
});

/** Each shows a browser something else than the block that a careless reader would take. */
test.each([
  ['a comment', page(`${metas}<!-- ${block} -->`)],
  ['a comment before the document', `<!-- --><!-- > -->${page(metas + block)}`],
  ['a comment that passes for an address', page(metas).replace('\n', `\n<!-- saved from url=(1)> ${block} -->\n`)],
  ['a title', page(`${metas}<title>${block}</title>`)],
  ['a script', page(`${metas}<script>/*${block}*/</script>`)],
  ['a style', page(`${metas}<style>${block}</style>`)],
  ['a text field', page(metas, `</head><body><textarea>${block}</textarea></body>`)],
  ['the body', page(metas, `<title>x</title></head><body>${block}</body>`)],
  ['the value of an attribute', page(`${metas}<meta content="> ${block} ">`)],
  ['a value that is not closed', page(`${metas}<meta content="x> ${block}`)],
  ['a tag with content', page(`${metas}<noscript>${block}</noscript>`)],
  ['another element', page(`${metas}<metal>${block}`)],
  ['a page after one of another kind', page(`${metas}<script type="application/json" id="data">{}</script>${block}`)],
  ['quirks of another document', page(metas + block).replace('<!doctype html>', '<html>')],
  ['text', `Look at this page: ${page(metas + block)}`],
])('a manifest in %s is none', (_where, html) => {
  expect(isManifest(html)).toBe(false);
  expect(() => readManifest(html)).toThrow();
});

test.each([
  ['is cut off', page(metas + block).slice(0, -90)],
  ['ends in another tag', page(metas + block.replace('</script>', '</b></script>'))],
  ['hides its end', page(metas + block.replace('"objects"', '"note":"<!--<script>","objects"'))],
  ['is no JSON', page(metas + block.replace('[]', '[,]'))],
])('a page whose block %s is refused as one', (_what, html) => {
  expect(isManifest(html)).toBe(true);
  expect(() => readManifest(html)).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ rule: 'manifest-not-json' }) as unknown }),
  );
});

test('a page that is made to take long is read at once', () => {
  for (const evil of ['<meta a="', '<meta ', "<meta a='b'", '<!-- saved from url=(1)', '\n'.repeat(50)]) {
    expect(isManifest(page(evil.repeat(50_000)))).toBe(false);
  }
});
