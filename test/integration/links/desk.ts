import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import { PastedAccounts } from '../../../main/accounts/pasting/pasted-accounts.ts';
import { CdnDomains } from '../../../main/links/cdn/cdn-domains.ts';
import { CdnIssuer } from '../../../main/links/cdn/cdn-issuer.ts';
import { FormIssuer } from '../../../main/links/forms/form-issuer.ts';
import { GrantIssuer } from '../../../main/links/grants/grant-issuer.ts';
import { ReceivedGrants } from '../../../main/links/grants/received-grants.ts';
import { Ledger } from '../../../main/links/ledger/ledger.ts';
import { LinkIssuer } from '../../../main/links/making/link-issuer.ts';
import { TicketIssuer } from '../../../main/links/tickets/ticket-issuer.ts';
import { renew } from '../../../main/links/renewal.ts';
import type { PracticeOptions } from '../../../main/practice/server.ts';
import { startPracticeRun } from '../accounts/practice-server.ts';

/** A role for sessions of up to 12 hours, and one that wants an external ID. */
export const longRole = 'acs:ram::1000000000000001:role/long';
export const partnerRole = 'acs:ram::1000000000000001:role/partner';

/** Everything that hands out access, over a practice server whose clock can be put forward; `local` shifts this computer's alone. */
export async function makeDesk(options: Partial<PracticeOptions> = {}) {
  const time = { ahead: 0, local: 0 };
  const now = (): number => Date.now() + time.ahead;
  const localNow = (): number => now() + time.local;
  const roles = [
    { arn: longRole, maxSessionSeconds: 43_200 },
    { arn: partnerRole, maxSessionSeconds: 3600, externalId: 'partner-7' },
  ];
  const run = await startPracticeRun({ now, localNow, roles, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'waybill-desk-'));
  const ledger = Ledger.open({ path: join(folder, 'ledger.jsonl'), keychain: memoryKeychain(), now: localNow });
  const pasted = new PastedAccounts();
  const { accounts } = run;
  const grants = new GrantIssuer({ accounts, ledger });
  const receivedGrants = new ReceivedGrants({ accounts, pasted });
  const links = new LinkIssuer({ accounts, ledger });
  const cdnDomains = await CdnDomains.open(join(folder, 'cdn.json'), memoryKeychain());
  const cdn = new CdnIssuer({ accounts, ledger, domains: cdnDomains, dispatcher: run.dispatcher });
  const tickets = new TicketIssuer({ accounts, ledger });
  const forms = new FormIssuer({ accounts, ledger });
  return {
    ...{ run, accounts, folder, ledger, pasted, links, cdn, cdnDomains, forms, tickets, grants, receivedGrants, time },
    renew: (id: string) => renew({ ledger, links, grants, cdn }, id),
    /** An account of the server's owner that works through a role. */
    async addRole(roleArn = run.server.roleArn, durationSeconds = 3600): Promise<string> {
      const role = { roleArn, sessionName: 'waybill', durationSeconds };
      return (await accounts.add(run.draft({ role, remember: false }))).id;
    },
    async addOwner(): Promise<string> {
      return (await accounts.add(run.draft({ remember: false }))).id;
    },
    async close() {
      await run.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
