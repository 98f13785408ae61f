import { expect, test } from 'vitest';
import { Messages } from '../../../../../../renderer/lib/messages.svelte.ts';
import { toExpiryChoice } from '../../../../../../renderer/lib/expiry.ts';
import { CdnShareForm } from '../../../../../../renderer/screens/share/other/cdn-share.svelte.ts';
import { cdnSummary, shareSummary, signerKey } from '../../../../../../renderer/screens/share/made/share-summary.ts';
import { ShareForm } from '../../../../../../renderer/screens/share/share.svelte.ts';
import { t } from '../../../../../support/words.ts';
import { answering } from '../../../answering.ts';
import { makeAccount, makeSourced } from '../../../making.ts';

const messages = new Messages('en');
const object = { accountId: makeAccount().id, bucket: 'photos', key: 'album/cat.jpg', versionId: null };
const role = { roleArn: 'acs:ram::1:role/share', sessionName: 'waybill', durationSeconds: 3600 };

test('the options of a link are summed up in a line, without what was left as it is', () => {
  const form = new ShareForm(object, makeAccount(), answering({}));
  expect(shareSummary(form.options, messages)).toBe(`${t('share.method.GET')} · 1 hr`);
  form.set({ open: 'preview', versionId: 'v1', recipient: ' Li Wei ', revocable: true });
  form.set({ expiry: { by: 'length', count: '2', unit: 'days' } });
  expect(shareSummary(form.options, messages).split(' · ')).toEqual([
    t('share.open.preview'),
    '2 days',
    t('share.summary.version'),
    t('share.revocable'),
    t('share.summary.for', { recipient: 'Li Wei' }),
  ]);
  form.set({ method: 'PUT', revocable: false, recipient: '', expiry: { by: 'moment', local: '2030-01-01T00:00' } });
  expect(shareSummary(form.options, messages)).toBe(t('share.method.PUT'));
});

test('a link of a CDN is summed up by its domain', () => {
  const form = new CdnShareForm(object, 900, answering({}));
  form.set({ domain: 'files.example.com', expiry: toExpiryChoice(900) });
  expect(cdnSummary(form.options, messages)).toBe('files.example.com · 15 min');
});

test('what signs is named: a key, a session, or what a source of credentials gives', () => {
  expect(signerKey(makeAccount(), false)).toBe('share.signed-by');
  expect(signerKey(makeAccount(), true)).toBe('share.signed-by.session');
  expect(signerKey(makeAccount({ role }), false)).toBe('share.signed-by.session');
  expect(signerKey(makeAccount({ temporary: true }), false)).toBe('share.signed-by.session');
  expect(signerKey(makeSourced({ kind: 'environment' } as never), false)).toBe('share.signed-by.source');
  expect(signerKey(null, false)).toBe('share.signed-by');
});
