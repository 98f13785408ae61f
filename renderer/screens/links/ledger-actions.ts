import type { LedgerItem } from '../../../main/contract/contract.ts';
import { untilByServerText } from '../../../main/words/clock-text.ts';
import { formatCount, formatLength, formatMoment } from '../../../main/words/format.ts';
import type { App } from '../../model/app.ts';
import { reporting } from '../../model/reporting.ts';

/** The actions of the ledger's buttons and menus. Each reports its outcome. */
export interface LedgerActions {
  renew(item: LedgerItem): Promise<void>;
  check(items: readonly LedgerItem[]): Promise<void>;
  export(format: 'csv' | 'json'): Promise<void>;
  copyKept(item: LedgerItem): Promise<void>;
  forgetKept(item: LedgerItem): Promise<void>;
  /** Lets a revoked link work again. Main asks before. */
  undoEnd(item: LedgerItem): Promise<void>;
}

export function ledgerActions(app: App): LedgerActions {
  const { ledger, messages, settings, news } = app;
  const { text } = messages;
  const report = reporting(news);
  return {
    renew: ({ id }) =>
      report(async () => {
        const renewed = await ledger.renew(id);
        if (renewed === null) return;
        const { kind, path, validUntil, sessionEndUnknown } = renewed;
        const { locale } = messages;
        const now = Date.now();
        const until = {
          moment: formatMoment(validUntil, locale),
          length: formatLength(validUntil - now, locale),
        };
        news.done(
          path === null ? text(`ledger.renewed.${kind}`) : text('ledger.renewed.saved', { path }),
          untilByServerText(renewed, now, messages) ??
            text(sessionEndUnknown ? 'ledger.renewed.at-latest' : 'ledger.renewed.until', until),
        );
      }),
    check: (items) =>
      report(async () => {
        const checked = await ledger.check(items.map(({ id }) => id));
        news.done(text('ledger.checked', { count: checked, shown: formatCount(checked, messages.locale) }));
      }),
    export: (format) =>
      report(async () => {
        news.done(text('ledger.exported'), await ledger.export(format, settings.downloadFolder));
      }),
    forgetKept: ({ id }) =>
      report(async () => {
        await ledger.forgetKept(id);
        news.done(text('ledger.forgotten'));
      }),
    undoEnd: ({ id }) =>
      report(async () => {
        await ledger.undoEnd(id);
        news.done(text('ledger.undone'));
      }),
    copyKept: ({ id }) =>
      report(async () => {
        await ledger.copyKept(id);
        news.done(text('ledger.copied'));
      }),
  };
}
