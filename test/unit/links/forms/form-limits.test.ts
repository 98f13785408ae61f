import { expect, test } from 'vitest';
import { formKeys, type FormLimits, formProblems, formTerms } from '../../../../main/links/forms/form-limits.ts';
import { WaybillError } from '../../../../main/failure.ts';

const limits: FormLimits = {
  ...{ expiresSeconds: 3600, prefix: 'in/', slots: null, contentTypes: [] },
  ...{ sizeBytes: { min: 1, max: 1024 }, forbidOverwrite: true },
};

function problems(changes: Partial<FormLimits>) {
  return formProblems({ ...limits, ...changes }).map(({ field, rule }) => [field, rule]);
}

test.each<[string, Partial<FormLimits>]>([
  ['a prefix', {}],
  ['the whole bucket', { prefix: '' }],
  ['numbered slots', { slots: { count: 1000 } }],
  ['named slots with folders', { slots: { names: ['a.pdf', 'b/c d.pdf'] } }],
  ['empty files', { sizeBytes: { min: 0, max: 1 } }],
  ['files of 5 GB', { sizeBytes: { min: 5 * 1024 ** 3, max: 5 * 1024 ** 3 } }],
  ['types with signs', { contentTypes: ['image/svg+xml', 'application/vnd.ms-excel'] }],
  ['tags', { tags: { team: 'a b' } }],
])('%s can be', (_, changes) => {
  expect(problems(changes)).toEqual([]);
});

test.each<[string, string, string, Partial<FormLimits>]>([
  ['a prefix that is no folder', 'prefix', 'form-prefix', { prefix: 'in' }],
  ['a prefix with a line feed', 'prefix', 'form-prefix', { prefix: 'in\n/' }],
  ['a prefix that OSS refuses', 'key', 'key-leading-slash', { prefix: '/in/' }],
  ['a prefix that leaves no room for names', 'key', 'key-too-long', { prefix: `${'x'.repeat(1000)}/` }],
  ['a prefix that OSS would fill in', 'prefix', 'form-filename', { prefix: '${filename}/' }],
  ['a slot that OSS would fill in', 'slots', 'form-filename', { slots: { names: ['${filename}'] } }],
  ['no slots', 'slots', 'slot-count', { slots: { names: [] } }],
  ['a slot outside of the prefix', 'slots', 'slot-name-path', { slots: { names: ['../b'] } }],
  ['more slots than a policy takes', 'slots', 'form-slots', { slots: { count: 1001 } }],
  ['longer slots than a policy takes', 'slots', 'form-slots', { slots: { count: 100 }, prefix: `${'x'.repeat(700)}/` }],
  ['sizes the wrong way round', 'sizeBytes', 'size-range', { sizeBytes: { min: 2, max: 1 } }],
  ['only empty files', 'sizeBytes', 'size-range', { sizeBytes: { min: 0, max: 0 } }],
  ['a broken size', 'sizeBytes', 'size-range', { sizeBytes: { min: 0, max: 1.5 } }],
  ['more than OSS takes', 'sizeBytes', 'size-range', { sizeBytes: { min: 0, max: 5 * 1024 ** 3 + 1 } }],
  ['a wildcard as type', 'contentTypes', 'content-type', { contentTypes: ['image/*'] }],
  ['a type with parameters', 'contentTypes', 'content-type', { contentTypes: ['text/plain; charset=utf-8'] }],
  ['a tag that OSS refuses', 'tags', 'tag-character', { tags: { team: 'ü' } }],
])('%s is refused', (_, field, rule, changes) => {
  expect(problems(changes)).toEqual([[field, rule]]);
});

test('all problems are told at once', () => {
  expect(problems({ prefix: 'in', sizeBytes: { min: 1, max: 0 }, contentTypes: ['image'] })).toEqual([
    ['prefix', 'form-prefix'],
    ['sizeBytes', 'size-range'],
    ['contentTypes', 'content-type'],
  ]);
});

function terms(changes: Partial<FormLimits>) {
  const changed = { ...limits, ...changes };
  return formTerms(changed, formKeys(changed));
}

test('a form holds uploads to its prefix, size, headers and a private ACL', () => {
  expect(terms({ tags: { team: 'a b' }, storageClass: 'IA', contentTypes: ['image/png', 'image/jpeg'] })).toEqual({
    fields: [
      ['success_action_status', '200'],
      ['x-oss-forbid-overwrite', 'true'],
      ['Content-Disposition', 'attachment'],
      ['x-oss-object-acl', 'private'],
      ['x-oss-tagging', 'team=a%20b'],
      ['x-oss-storage-class', 'IA'],
    ],
    conditions: [
      ['starts-with', '$key', 'in/'],
      ['content-length-range', 1, 1024],
      { success_action_status: '200' },
      { 'x-oss-forbid-overwrite': 'true' },
      { 'Content-Disposition': 'attachment' },
      { 'x-oss-object-acl': 'private' },
      { 'x-oss-tagging': 'team=a%20b' },
      { 'x-oss-storage-class': 'IA' },
      ['in', '$x-oss-content-type', ['image/png', 'image/jpeg']],
    ],
  });
});

test('slots are named one by one', () => {
  expect(terms({ slots: { count: 2 }, forbidOverwrite: false })).toEqual({
    fields: [
      ['success_action_status', '200'],
      ['Content-Disposition', 'attachment'],
      ['x-oss-object-acl', 'private'],
    ],
    conditions: [
      ['in', '$key', ['in/1', 'in/2']],
      ['content-length-range', 1, 1024],
      { success_action_status: '200' },
      { 'Content-Disposition': 'attachment' },
      { 'x-oss-object-acl': 'private' },
    ],
  });
});

test('ACL and download are pinned unless they are let go', () => {
  const named = (changes: Partial<FormLimits>) => terms(changes).fields.map((field) => field.join('='));
  expect(named({ acl: 'default' })).toContain('x-oss-object-acl=default');
  expect(named({ acl: null, attachment: false })).toEqual(['success_action_status=200', 'x-oss-forbid-overwrite=true']);
});

test('keys of limits that cannot be are an input failure', () => {
  expect(() => formKeys({ prefix: 'in', slots: null })).toThrow(WaybillError);
});
