import { join } from 'node:path';
import { clipboard } from 'electron';
import { checkTargets } from '../../links/ledger/ledger-check.ts';
import { writeLedgerExport } from '../../links/ledger/ledger-export.ts';
import { revokePlan } from '../../links/ledger/revoke-plan.ts';
import { renew } from '../../links/renewal.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { DeletionLimit } from '../security/deletion-limit.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import type { Translate } from '../../words/translator.ts';
import type { EndingCalls } from './requests/endings.ts';
import { deliverForm } from './requests/upload-forms.ts';
import { deliverTicket } from './requests/upload-tickets.ts';

type LedgerCalls = Exclude<Extract<keyof Handlers, `ledger.${string}`>, EndingCalls>;

type LedgerCore = Pick<Core, 'accounts' | 'cdn' | 'ledger' | 'links' | 'grants' | 'forms' | 'tickets'>;

/** Answers the calls about the ledger of issued links and grants. */
export function ledgerHandlers(
  { accounts, cdn, ledger, links, grants, forms, tickets }: LedgerCore,
  paths: GrantedPaths,
  { limit, text }: { readonly limit: DeletionLimit; readonly text: Translate },
): Pick<Handlers, LedgerCalls> {
  return {
    'ledger.list': (query) => ledger.list(query),
    'ledger.acts': (query) => ledger.acts(query),
    'ledger.note': async ({ id, note, recipient }) => {
      await ledger.change([id], { note, recipient });
      return ledger.get(id);
    },
    'ledger.remove': async ({ ids }) => {
      await ledger.remove(ids);
      return null;
    },
    'ledger.check': async ({ ids }) => ({ checked: await checkTargets(accounts, ledger, ids) }),
    'ledger.export': async ({ format, folder, ids }) => {
      paths.checkTarget(folder);
      const items = ids === null ? ledger.all() : ids.map((id) => ledger.get(id));
      return { path: await writeLedgerExport(items, format, join(folder, `waybill-links.${format}`)) };
    },
    'ledger.renew': async ({ id }, window) => {
      const { what } = ledger.get(id);
      if (what.kind === 'form') {
        const made = await deliverForm(what.format, window, text, () => forms.renew(id));
        return made === null ? null : { kind: 'form', ...made };
      }
      if (what.kind === 'ticket') {
        const made = await deliverTicket('file', window, text, () => tickets.renew(id));
        return made === null ? null : { kind: 'ticket', ...made };
      }
      if (what.kind === 'link' && what.method === 'DELETE') await limit.take(what.bucket, 1, 'delete-link');
      return renew({ ledger, links, grants, cdn }, id);
    },
    'ledger.revokePlan': ({ id }) => revokePlan(ledger.get(id), ledger.all()),
    'ledger.keepUrl': async ({ id, url }) => {
      await ledger.storeUrl(id, url);
      return ledger.get(id);
    },
    'ledger.forgetUrl': async ({ id }) => {
      await ledger.deleteUrl(id);
      return ledger.get(id);
    },
    'ledger.copyUrls': async ({ ids }) => {
      const urls = await Promise.all(ids.map((id) => ledger.storedUrl(id)));
      await clipboard.writeText(urls.join('\n'));
      return null;
    },
  };
}
