import { expect, test } from 'vitest';
import { CdnDomainForm } from '../../../../../renderer/parts/cdn/cdn-domain-form.svelte.ts';
import { answering } from '../../answering.ts';

test('saving a CDN domain names the fields that are still blank, and sends nothing before they are filled in', async () => {
  let saves = 0;
  const call = answering({
    'cdn.save': () => {
      saves += 1;
      return [];
    },
  });
  const form = new CdnDomainForm({ accountId: crypto.randomUUID(), bucket: 'photos' }, null, call);
  expect([form.isDomainMissing, form.isKeyMissing]).toEqual([false, false]);
  expect(await form.save()).toBeNull();
  expect([form.isDomainMissing, form.isKeyMissing, saves]).toEqual([true, true, 0]);
  form.set({ domain: 'cdn.example.com' });
  expect([form.isDomainMissing, form.isKeyMissing]).toEqual([false, true]);
  form.set({ cdnKey: 'abcdefgh12345678' });
  expect(await form.save()).toEqual([]);
  expect(saves).toBe(1);
});
