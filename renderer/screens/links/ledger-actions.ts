import type { LedgerItem } from '../../../main/contract/contract.ts';
import { untilByServerText } from '../../../main/words/clock-text.ts';
import { formatCount, formatLength, formatMoment } from '../../../main/words/format.ts';
import type { App } from '../../model/app.ts';
import { reporting } from '../../model/reporting.ts';
import { type Selected, shareAgain } from './selected.ts';

/** The actions of the ledger's buttons and menus. Each reports its outcome. */
export interface LedgerActions {
  renew(item: LedgerItem): Promise<void>;
  check(selected: Selected): Promise<void>;
  /** Opens the form that creates links to the selected files again. */
  shareAgain(selected: Selected): Promise<void>;
  /** Asks before it removes the selected entries. */
  remove(selected: Selected): Promise<void>;
  /** Exports the selected entries, or all if none is selected. */
  export(format: 'csv' | 'json', selected: Selected | null): Promise<void>;
  copyKept(items: readonly LedgerItem[]): Promise<void>;
  forgetKept(item: LedgerItem): Promise<void>;
  /** Lets a revoked link work again. Main asks before. */
  undoEnd(item: LedgerItem): Promise<void>;
}

export function ledgerActions(app: App): LedgerActions {
  const { ledger, messages, news } = app;
  const { text } = messages;
  const report = reporting(news);
  return {
    ...selectionActions(app, report),
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
    copyKept: (items) =>
      report(async () => {
        await ledger.copyKept(items.map(({ id }) => id));
        news.done(text('ledger.copied', { count: items.length, shown: formatCount(items.length, messages.locale) }));
      }),
  };
}

/** The actions on all that is selected. */
function selectionActions(
  { dialogs, ledger, messages, settings, news }: App,
  report: ReturnType<typeof reporting>,
): Pick<LedgerActions, 'shareAgain' | 'remove' | 'export' | 'check'> {
  const { text } = messages;
  return {
    shareAgain: ({ rows }) =>
      report(async () => {
        const again = shareAgain(await ledger.entriesOf(rows));
        if (again !== null) dialogs.open({ name: 'share-many', ...again });
      }),
    remove: ({ rows }) =>
      report(async () => {
        const items = await ledger.entriesOf(rows);
        if (items.length > 0) dialogs.open({ name: 'remove-links', items });
      }),
    export: (format, selected) =>
      report(async () => {
        const items = selected === null ? null : await ledger.entriesOf(selected.rows);
        const ids = items?.map(({ id }) => id) ?? null;
        news.done(text('ledger.exported'), await ledger.export(format, settings.downloadFolder, ids));
      }),
    check: ({ rows }) =>
      report(async () => {
        const items = await ledger.entriesOf(rows);
        const checked = await ledger.check(items.map(({ id }) => id));
        news.done(text('ledger.checked', { count: checked, shown: formatCount(checked, messages.locale) }));
      }),
  };
}
