import { setTimeout as pause } from 'node:timers/promises';
import type { Ending } from '../../../contract/contract.ts';
import { isDenied, toFailure, WaybillError } from '../../../failure.ts';
import type { LedgerItem } from '../../../links/ledger/ledger-entry.ts';
import { listArrived } from '../../../links/pages/arrived.ts';
import { endPageAndUploads, reopenPage } from '../../../links/pages/end-page.ts';
import type { Ended, Wait } from '../../../links/revoking/deny-and-try.ts';
import { denialOf, restoreEntry, revokeEntry } from '../../../links/revoke-entry.ts';
import { denialStatements } from '../../../links/revoking/session-denial.ts';
import type { Core } from '../../core.ts';
import { emitTo, type Handlers } from '../../ipc.ts';
import type { ConfirmBucketChange } from '../../security/publishing.ts';

/** The calls about what arrived, and about ending what was shared before it expires. */
export type EndingCalls = 'ledger.arrived' | 'ledger.end' | 'ledger.undoEnd';

/** What changing a bucket's policy takes. */
const POLICY_RIGHTS = ['oss:GetBucketPolicy', 'oss:PutBucketPolicy'];

type EndingCore = Pick<Core, 'accounts' | 'ledger' | 'tickets' | 'policies'>;

/** Answers the calls about what arrived through pages and tickets, and ends what was shared. */
export function endingHandlers(core: EndingCore, confirm: ConfirmBucketChange): Pick<Handlers, EndingCalls> {
  const { accounts, ledger, tickets, policies: editor } = core;
  const parts = { accounts, ledger, editor };
  return {
    'ledger.arrived': async ({ id }) => {
      const { what, accountId, madeAt } = ledger.get(id);
      if (what.kind === 'ticket') return { kind: 'ticket', ...(await tickets.check(id)) };
      if (what.kind !== 'form') throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
      const { bucket, keys } = what;
      const place = { bucket, keys, since: madeAt };
      return { kind: 'form', ...(await accounts.run(accountId, bucket, (open) => listArrived(open, place))) };
    },
    'ledger.end': async ({ id }, window) => {
      const entry = ledger.get(id);
      const { what } = entry;
      // Only waiting for OSS to refuse it asks for a pause.
      const wait: Wait = (ms) => {
        emitTo(window, 'ledger.ending', { id });
        return pause(ms);
      };
      if (what.kind === 'ticket') return { outcome: (await tickets.end(id)) ? 'ended' : 'over' };
      if (what.kind === 'form') {
        await confirm(what.bucket, 'end-page');
        return endingOf(await endPageAndUploads({ ...parts, tickets, wait }, id));
      }
      await confirm(what.bucket, entry.session === undefined ? 'deny-object' : `revoke-${what.kind}`);
      try {
        return endingOf(await revokeEntry({ ...parts, wait }, id));
      } catch (error) {
        if (!isDenied(toFailure(error))) throw error;
        return { outcome: 'forbidden', rights: POLICY_RIGHTS, statement: statementFor(core, entry) };
      }
    },
    'ledger.undoEnd': async ({ id }) => {
      const { what } = ledger.get(id);
      if (what.kind === 'form') {
        await confirm(what.bucket, 'restore-page');
        await reopenPage(parts, id);
      } else {
        if (what.kind === 'ticket') throw new WaybillError({ kind: 'input', field: 'link', rule: 'not-revocable' });
        await confirm(what.bucket, `restore-${what.kind}`);
        await restoreEntry(parts, id);
      }
      return ledger.get(id);
    },
  };
}

/** The statement that denies an entry, for someone who may add it to the policy. */
function statementFor({ accounts, ledger }: EndingCore, entry: LedgerItem): string {
  const { denial } = denialOf(ledger, entry);
  const statements = denialStatements(denial, accounts.serverNow(entry.accountId));
  return statements.map((statement) => JSON.stringify(statement, null, 2)).join(',\n');
}

function endingOf(ended: Ended): Ending {
  switch (ended.kind) {
    case 'ended':
      return { outcome: 'ended' };
    case 'expired':
      return { outcome: 'over' };
    case 'unconfirmed':
      return { outcome: ended.why === 'still-taken' ? 'still-taken' : 'denied' };
    default:
      return ended satisfies never;
  }
}
