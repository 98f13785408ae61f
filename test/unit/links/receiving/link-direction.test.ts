import { expect, test } from 'vitest';
import { directionOf } from '../../../../main/links/receiving/link-direction.ts';
import type { LinkMethod } from '../../../../main/links/text/link-note.ts';

const link = { note: null, boundHeaders: [], boundParams: [] } as const;
const noted = (method: LinkMethod) => ({ ...link, note: { method, headers: {} } });

test.each([
  ['GET', 'download'],
  ['PUT', 'upload'],
  ['HEAD', 'other'],
  ['DELETE', 'other'],
] as const)('a note of %s says what the link is for, whatever else it holds', (method, direction) => {
  expect(directionOf(noted(method))).toBe(direction);
  const contrary = { boundHeaders: ['content-md5', 'range'], boundParams: [['response-expires', '0']] } as const;
  expect(directionOf({ ...noted(method), ...contrary })).toBe(direction);
});

test.each([
  ['response-content-disposition', 'download'],
  ['x-oss-process', 'download'],
  ['callback', 'upload'],
  ['uploadId', 'upload'],
  ['append', 'upload'],
  ['versionId', null],
  ['x-oss-traffic-limit', null],
] as const)('a signed parameter %s says: %s', (name, direction) => {
  expect(directionOf({ ...link, boundParams: [[name, 'x']] })).toBe(direction);
});

test.each([
  ['content-md5', 'upload'],
  ['content-length', 'upload'],
  ['x-oss-meta-owner', 'upload'],
  ['x-oss-object-acl', 'upload'],
  ['range', 'download'],
  ['if-modified-since', 'download'],
  ['host', null],
  // Programs send it with downloads too.
  ['content-type', null],
  ['x-oss-security-token', null],
] as const)('a signed header %s says: %s', (name, direction) => {
  expect(directionOf({ ...link, boundHeaders: [name] })).toBe(direction);
});

test('a link that contradicts itself, or says nothing, is for either', () => {
  expect(directionOf(link)).toBeNull();
  expect(directionOf({ ...link, boundHeaders: ['range', 'content-md5'] })).toBeNull();
  expect(
    directionOf({ ...link, boundHeaders: ['content-md5'], boundParams: [['x-oss-process', 'image/info']] }),
  ).toBeNull();
});
