import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ArgsOf, ObjectAccess, Opening } from '../../../../../main/contract/contract.ts';
import { PublicMarks } from '../../../../../renderer/model/browsing/public-marks.svelte.ts';
import { answering } from '../../answering.ts';

let openings: Record<string, Opening> = {};
let accesses: Record<string, ObjectAccess> = {};
let asked: ArgsOf<'access.exposures'>['buckets'][] = [];
const marks = () =>
  new PublicMarks(
    answering({
      'access.exposures': ({ buckets }) => {
        asked.push(buckets);
        return buckets.map((bucket) => ({ bucket, opening: openings[bucket] ?? 'none' }));
      },
      'access.ofObject': ({ key }) => accesses[key] ?? { acl: 'default', isBlocked: false },
    }),
  );
const bucket = (name: string) => ({ accountId: 'a', bucket: name });
const object = (name: string, key: string) => ({ ...bucket(name), key, versionId: null });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  openings = {};
  accesses = {};
  asked = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test('buckets of a list are asked about once, and again only after a while', async () => {
  openings = { photos: 'public-read' };
  const found = marks();
  await found.list('a', ['photos', 'plans']);
  expect(found.of(bucket('photos'))).toBe('public-read');
  expect(found.of(bucket('plans'))).toBeNull();
  await found.list('a', ['photos', 'plans', 'more']);
  await found.open(bucket('plans'));
  expect(asked).toEqual([['photos', 'plans'], ['more']]);
  vi.advanceTimersByTime(31_000);
  openings = {};
  await found.list('a', ['photos']);
  expect(found.of(bucket('photos'))).toBeNull();
});

test('of a long list, the first hundred are asked about, and others once they are opened', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `b-${index}`);
  openings = { 'b-299': 'policy' };
  const found = marks();
  await found.list('a', names);
  expect(asked).toEqual([names.slice(0, 100)]);
  await found.open(bucket('b-299'));
  expect(found.of(bucket('b-299'))).toBe('policy');
});

test('a bucket that was changed is asked about again at once, and its objects are forgotten', async () => {
  openings = { photos: 'public-read' };
  const found = marks();
  await found.askObject(object('photos', 'cat.jpg'));
  expect(found.ofObject(object('photos', 'cat.jpg'))).toBe('read');
  openings = {};
  await found.refresh(bucket('photos'));
  expect(found.ofObject(object('photos', 'cat.jpg'))).toBeNull();
  expect(found.of(bucket('photos'))).toBeNull();
});

test.each<[Opening, ObjectAccess, string]>([
  ['none', { acl: 'default', isBlocked: false }, 'none'],
  ['none', { acl: 'public-read', isBlocked: false }, 'read'],
  ['none', { acl: 'public-read-write', isBlocked: false }, 'write'],
  ['none', { acl: 'public-read', isBlocked: true }, 'none'],
  ['unknown', { acl: 'default', isBlocked: false }, 'none'],
  ['public-read', { acl: 'default', isBlocked: false }, 'read'],
  ['public-read-write', { acl: 'default', isBlocked: false }, 'write'],
  ['public-read', { acl: 'private', isBlocked: false }, 'closed'],
  ['public-read', { acl: null, isBlocked: false }, 'maybe'],
  ['policy', { acl: 'default', isBlocked: false }, 'maybe'],
  ['policy', { acl: 'private', isBlocked: false }, 'maybe'],
])('in a bucket that is open by %s, an object with %j is %s', async (opening, access, expected) => {
  openings = { photos: opening };
  accesses = { k: access };
  const found = marks();
  await found.askObject(object('photos', 'k'));
  expect(found.ofObject(object('photos', 'k'))).toBe(expected);
});

test('objects below a changed prefix are forgotten, and no others', async () => {
  openings = { photos: 'public-read' };
  const found = marks();
  for (const key of ['2026/a', '2025/a']) await found.askObject(object('photos', key));
  found.forgetObjects({ ...bucket('photos'), prefix: '2026/' });
  expect(found.ofObject(object('photos', '2026/a'))).toBeNull();
  expect(found.ofObject(object('photos', '2025/a'))).toBe('read');
});

test('a question that fails marks nothing and says nothing', async () => {
  const found = new PublicMarks(answering({}));
  await found.list('a', ['photos']);
  await found.askObject(object('photos', 'k'));
  expect(found.of(bucket('photos'))).toBeNull();
  expect(found.ofObject(object('photos', 'k'))).toBeNull();
});
