import { expect, test } from 'vitest';
import { isFormFile, readFormFile } from '../../../../main/links/receiving/form-file.ts';

type Condition = Readonly<Record<string, string>> | readonly unknown[];

function formWith(conditions: readonly Condition[], fields: Readonly<Record<string, string>> = {}, more: object = {}) {
  const policy = { expiration: '2026-12-20T00:00:00.000Z', conditions: [{ bucket: 'my-bucket' }, ...conditions] };
  return JSON.stringify({
    ...{ action: 'https://my-bucket.oss-cn-hangzhou.aliyuncs.com/', method: 'POST', ...more },
    fields: { key: 'drop/x', ...fields, policy: Buffer.from(JSON.stringify(policy)).toString('base64') },
  });
}

const prefix = ['starts-with', '$key', 'drop/'] as const;
const refused = / form-file$/;

test('what a form allows is read from its signed policy, whatever else the file claims', () => {
  const range = ['content-length-range', 1, 1000] as const;
  const types = ['in', '$x-oss-content-type', ['image/png']] as const;
  const claims = { bucket: 'other-bucket', prefix: '', minBytes: 0, validUntil: '2030-01-01T00:00:00Z' };
  const { fields, ...form } = readFormFile(
    formWith([prefix, range, types], { 'x-oss-content-type': 'image/png' }, claims),
  );
  expect(form).toEqual({
    bucket: 'my-bucket',
    action: 'https://my-bucket.oss-cn-hangzhou.aliyuncs.com/',
    keys: { kind: 'prefix', prefix: 'drop/' },
    sizeBytes: { min: 1, max: 1000 },
    contentTypes: ['image/png'],
    validUntil: Date.UTC(2026, 11, 20),
    signedAt: null,
  });
  expect(fields.map(([name]) => name)).toEqual(['policy']);
});

test('a form of V4 ends seven days after it was signed', () => {
  const form = readFormFile(formWith([prefix], { 'x-oss-date': '20261201T000000Z' }));
  expect(form).toMatchObject({ signedAt: Date.UTC(2026, 11, 1), validUntil: Date.UTC(2026, 11, 8) });
});

test.each<[string, readonly Condition[]]>([
  ['slots', [['in', '$key', ['a', 'b']]]],
  ['one slot', [['eq', '$key', 'a']]],
  ['one slot as a record', [{ key: 'a' }]],
])('%s are the keys of a form', (_, conditions) => {
  const { keys } = readFormFile(formWith(conditions));
  expect(keys).toMatchObject({ kind: 'slots', keys: expect.arrayContaining(['a']) as unknown });
});

test('a drop page holds its form', () => {
  const { action, fields } = JSON.parse(formWith([prefix])) as { action: string; fields: Record<string, string> };
  const data = { waybill: 'drop-page', version: 1, form: { action, fields: Object.entries(fields) }, tickets: [] };
  const block = `<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
  const page = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">${block}</head><body></body></html>`;
  expect(isFormFile(page)).toBe(true);
  expect(readFormFile(page)).toMatchObject({ bucket: 'my-bucket', keys: { kind: 'prefix', prefix: 'drop/' } });
});

test.each([
  ['a form without keys', formWith([])],
  ['a policy that is no JSON', formWith([prefix]).replace(/"policy":"[^"]*"/, '"policy":"e30x"')],
  ['no policy', '{"action":"https://a.example/","method":"POST","fields":{}}'],
  ['another protocol', formWith([prefix], {}, { action: 'file:///etc/passwd' })],
  ['a list of links', '{"waybill":"share"}'],
  ['nothing', ''],
])('%s is no form', (_, text) => {
  expect(() => readFormFile(text)).toThrow(refused);
});
