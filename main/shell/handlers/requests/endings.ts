import { setTimeout as wait } from 'node:timers/promises';
import { listArrived } from '../../../links/pages/arrived.ts';
import { endPageAndUploads } from '../../../links/pages/end-page.ts';
import type { EndOutcome } from '../../../contract/contract.ts';
import { WaybillError } from '../../../failure.ts';
import type { Ended } from '../../../links/revoking/deny-and-try.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { ConfirmBucketChange } from '../../security/publishing.ts';

/** The calls about what arrived, and about ending what brings it. */
export type EndingCalls = 'ledger.arrived' | 'ledger.end';

/** Answers the calls about what arrived through pages and tickets, and ends them. */
export function endingHandlers(
  { accounts, ledger, tickets, policies }: Pick<Core, 'accounts' | 'ledger' | 'tickets' | 'policies'>,
  confirm: ConfirmBucketChange,
): Pick<Handlers, EndingCalls> {
  return {
    'ledger.arrived': async ({ id }) => {
      const { what, accountId, madeAt } = ledger.get(id);
      if (what.kind === 'ticket') return { kind: 'ticket', ...(await tickets.check(id)) };
      if (what.kind !== 'form') throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
      const { bucket, keys } = what;
      const place = { bucket, keys, since: madeAt };
      return { kind: 'form', ...(await accounts.run(accountId, bucket, (open) => listArrived(open, place))) };
    },
    'ledger.end': async ({ id }) => {
      const { what } = ledger.get(id);
      if (what.kind === 'ticket') return { outcome: (await tickets.end(id)) ? 'ended' : 'over' };
      await confirm(what.bucket, 'end-page');
      return { outcome: outcomeOf(await endPageAndUploads({ accounts, ledger, tickets, editor: policies, wait }, id)) };
    },
  };
}

function outcomeOf(ended: Ended): EndOutcome {
  switch (ended.kind) {
    case 'ended':
      return 'ended';
    case 'expired':
      return 'over';
    case 'unconfirmed':
      return ended.why === 'still-taken' ? 'still-taken' : 'denied';
    default:
      return ended satisfies never;
  }
}
