import { describe, expect, test } from 'vitest';
import type { ArgsOf, Failure, ObjectProperties } from '../../../../../main/contract/contract.ts';
import { PropertiesForm } from '../../../../../renderer/screens/properties/properties.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, settle } from '../../making.ts';

const object = { accountId: makeAccount().id, bucket: 'depot', key: 'a/b.txt', versionId: null };
const denied: Failure = { kind: 'credentials', cause: 'denied-by-policy', action: 'oss:GetObjectTagging' };

function makeProperties(changes: Partial<ObjectProperties> = {}): ObjectProperties {
  return {
    head: {
      ...{ sizeBytes: 5, etag: 'E', crc64: '1', lastModified: 1, contentType: 'text/plain', storageClass: 'Standard' },
      ...{ objectType: 'Normal', versionId: null, meta: { owner: 'li' }, tagCount: 1, encryption: {}, restore: null },
      httpHeaders: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    },
    headers: [['etag', 'E']],
    acl: { ok: true, value: 'default' },
    tags: { ok: true, value: [['team', 'blue']] },
    versioning: { ok: true, value: 'never' },
    symlinkTarget: null,
    ...changes,
  };
}

function makeForm(properties = makeProperties(), failure: Failure | null = null, subject = object) {
  const asked: ArgsOf<'properties.change'>[] = [];
  const call = answering({
    'properties.read': () => properties,
    'properties.change': (args) => {
      asked.push(args);
      const failed = failure === null ? [] : [{ key: object.key, failure }];
      return { changed: 1 - failed.length, unchanged: 0, failedCount: failed.length, failed, stopped: null };
    },
  });
  return { form: new PropertiesForm(subject, call), asked };
}

describe('the properties of an object', () => {
  test('as they are read there is nothing to save', async () => {
    const { form, asked } = makeForm();
    await form.load();
    expect(form.change).toBeNull();
    expect(await form.save()).toBe(false);
    expect(asked).toEqual([]);
  });

  test('only what was typed anew is asked for', async () => {
    const { form, asked } = makeForm();
    await form.load();
    const headers = { ...form.draft?.headers, 'cache-control': ' ', expires: 'soon' } as never;
    form.set({
      headers,
      meta: [
        { name: 'Owner', value: 'wang' },
        { name: '', value: '' },
      ],
      acl: 'private',
    });
    expect(await form.save()).toBe(true);
    expect(asked[0]).toMatchObject({ keys: ['a/b.txt'], prefixes: [], versionId: null });
    expect(asked[0]?.change).toEqual({
      headers: { 'cache-control': null, expires: 'soon' },
      meta: { only: true, values: { owner: 'wang' } },
      acl: 'private',
    });
  });

  test('tags that may not be read are left alone', async () => {
    const { form } = makeForm(makeProperties({ tags: { ok: false, failure: denied } }));
    await form.load();
    form.set({ storageClass: 'IA' });
    expect(form.draft?.tags).toBeNull();
    expect(form.change).toEqual({ storageClass: 'IA' });
  });

  test('what failed is shown, and what was typed stays', async () => {
    const { form } = makeForm(makeProperties(), denied);
    await form.load();
    form.set({ tags: [{ name: 'team', value: 'red' }] });
    expect(await form.save()).toBe(false);
    expect(form.saving.failure).toEqual(denied);
    expect(form.change).toEqual({ tags: { only: true, values: [['team', 'red']] } });
  });

  test.each([
    ['public-read', true],
    ['public-read-write', true],
    ['private', false],
  ] as const)('%s opens it up: %s', async (acl, opensUp) => {
    const { form } = makeForm();
    await form.load();
    form.set({ acl });
    expect(form.opensUp).toBe(opensUp);
  });

  test('a version has its class and headers for good, and so has a symlink', async () => {
    const symlink = makeProperties();
    const { form } = makeForm({ ...symlink, head: { ...symlink.head, objectType: 'Symlink' } });
    await form.load();
    expect(form.fixed).toBe(true);
    const version = makeForm(makeProperties(), null, { ...object, versionId: 'v' } as never).form;
    expect(version.fixed).toBe(true);
  });

  test('saving makes a version where the bucket keeps versions', async () => {
    const { form } = makeForm(makeProperties({ versioning: { ok: true, value: 'enabled' } }));
    await form.load();
    expect(form.makesVersion).toBe(true);
  });

  test('following a restoration keeps what was typed', async () => {
    const { form } = makeForm();
    await form.load();
    form.set({ storageClass: 'Archive' });
    await form.follow();
    expect(form.draft?.storageClass).toBe('Archive');
  });

  test('restoring asks for days and priority', async () => {
    const { form, asked } = makeForm();
    await form.load();
    expect(await form.restore(3, 'Bulk')).toBe(true);
    expect(asked[0]?.change).toEqual({ restore: { days: 3, tier: 'Bulk' } });
  });
});

test('the older of two looks at a restoration does not win', async () => {
  const [older, newer] = [makeGate<ObjectProperties>(), makeGate<ObjectProperties>()];
  const answers = [older, newer];
  const form = new PropertiesForm(
    object,
    answering({ 'properties.read': () => answers.shift()?.answer ?? makeProperties() }),
  );
  const restored = (at: 'ongoing' | 'restored') => {
    const { head } = makeProperties();
    return makeProperties({ head: { ...head, restore: at === 'ongoing' ? { at } : { at, until: null } } });
  };
  const both = [form.follow(), form.follow()];
  newer.open(restored('restored'));
  await settle();
  older.open(restored('ongoing'));
  await Promise.all(both);
  expect(form.properties?.head.restore?.at).toBe('restored');
});
