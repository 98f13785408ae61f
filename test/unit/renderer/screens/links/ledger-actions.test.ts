import { expect, test, vi } from 'vitest';
import type { LedgerItem } from '../../../../../main/contract/contract.ts';
import { formatMoment } from '../../../../../main/words/format.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { ledgerActions } from '../../../../../renderer/screens/links/ledger-actions.ts';
import { t } from '../../../../support/words.ts';
import { answering } from '../../answering.ts';
import { makeInfo } from '../../making.ts';

test('a renewed link says when it expires, also where the server has corrected the clock', async () => {
  const app = makeApp(makeInfo(), new Messages('en'), answering({}));
  const clockOffsetMs = 7_200_000;
  const validUntil = Date.now() + clockOffsetMs + 86_400_000 * 3 + 60_000;
  const renewed = { kind: 'link', path: null, sessionEndUnknown: false, validUntil, clockOffsetMs } as const;
  vi.spyOn(app.ledger, 'renew').mockResolvedValue(renewed);
  await ledgerActions(app).renew({ id: 'any' } as LedgerItem);
  const descriptions = [...app.news.board.items.values()].map(({ description }) => description);
  const moment = formatMoment(validUntil, 'en');
  expect(descriptions).toEqual([t('browse.link-until.clock-behind', { moment, length: '3 days', offset: '2 hr' })]);
});
