import { join } from 'node:path';
import { Accounts, PRACTICE_ID } from '../accounts/accounts.ts';
import type { AccountsOptions, RunAs } from '../accounts/accounts-options.ts';
import type { DomainFinding } from '../accounts/bucket-ways.ts';
import { type Failure, isDenied } from '../failure.ts';
import { PastedAccounts } from '../accounts/pasting/pasted-accounts.ts';
import { Deletions } from '../deleting/deletions.ts';
import { DragOuts } from '../browsing/drag-outs.ts';
import { Previews } from '../browsing/previews.ts';
import { Thumbnails } from '../browsing/thumbnails.ts';
import { CdnIssuer } from '../links/cdn/cdn-issuer.ts';
import type { CdnDomains } from '../links/cdn/cdn-domains.ts';
import { GrantIssuer } from '../links/grants/grant-issuer.ts';
import { ReceivedGrants } from '../links/grants/received-grants.ts';
import type { Ledger } from '../links/ledger/ledger.ts';
import { LinkIssuer } from '../links/making/link-issuer.ts';
import { FormIssuer } from '../links/forms/form-issuer.ts';
import type { DocumentEditor } from '../links/revoking/bucket-document.ts';
import { policyEditor } from '../links/revoking/policy-text.ts';
import { TicketIssuer } from '../links/tickets/ticket-issuer.ts';
import { ReceivedFiles } from '../links/receiving/received-files.ts';
import { ReceivedLinks } from '../links/receiving/received-links.ts';
import { folderPrefix, parentPrefix } from '../oss/key-path.ts';
import { TransferAgent } from '../http/threads/transfer-agent.ts';
import { TransferQueue } from '../transfers/queue/queue.ts';
import type { TransferBatch } from '../transfers/tasks/transfer.ts';
import type { Authorities } from './network/authorities.ts';
import { type Editing, openEditing } from './editing.ts';
import type { Emit } from './ipc.ts';
import type { TicketSources } from './security/app-scheme.ts';
import type { Lock } from './security/lock.ts';
import { recordBug } from './log.ts';
import { Network } from './network/network.ts';
import { PastedFiles } from './pasted-files.ts';
import { Practice } from './practice.ts';
import type { SettingsStore } from './settings-store.ts';
import type { State } from './state.ts';
import type { Troubles } from './troubles.ts';

/** The app-wide objects; none of them knows about windows. */
export interface Core extends TicketSources, Editing {
  readonly settings: SettingsStore;
  readonly accounts: Accounts;
  readonly pasted: PastedAccounts;
  readonly ledger: Ledger;
  readonly links: LinkIssuer;
  readonly cdn: CdnIssuer;
  readonly cdnDomains: CdnDomains;
  readonly forms: FormIssuer;
  readonly tickets: TicketIssuer;
  /** Changes policies of buckets. One for all calls: two wouldn't wait for each other. */
  readonly policies: DocumentEditor<string>;
  readonly grants: GrantIssuer;
  readonly receivedGrants: ReceivedGrants;
  readonly received: ReceivedLinks;
  readonly files: ReceivedFiles;
  readonly deletions: Deletions;
  readonly queue: TransferQueue;
  readonly pastedFiles: PastedFiles;
  readonly practice: Practice;
  readonly network: Network;
  readonly lock: Lock;
  readonly authorities: Authorities;
  readonly troubles: Troubles;
  /** Stops all work. Unfinished transfers resume at the next start. */
  close(): Promise<void>;
}

/** Dependencies of openQueue(). */
interface QueueParts extends Pick<Core, 'accounts' | 'settings' | 'troubles'> {
  readonly userData: string;
  readonly dispatcher: TransferAgent;
}

/** What credentials from elsewhere are found in, until someone unlocks without the passphrase. */
function surroundings(lock: Lock) {
  const environment = { ...process.env };
  let isGivenUp = false;
  lock.onGivenUp(() => {
    for (const name of Object.keys(environment)) environment[name] = undefined;
    isGivenUp = true;
  });
  return { environment, areSourcesOff: () => isGivenUp };
}

/** Starts the services on the state. `onBatch` receives each batch of queue changes. */
export async function openCore(state: State, emit: Emit, onBatch: (batch: TransferBatch) => void): Promise<Core> {
  const { userData, keychain, settings, accounts: store, ledger, cdnDomains, authorities, lock, troubles } = state;
  troubles.onAdded(() => emit('app.trouble', null));
  const dispatcher = new TransferAgent();
  const network = new Network(dispatcher, keychain);
  await network.apply(settings.current.proxy);
  const onFound = domainReporter(emit);
  const accounts = new Accounts({ store, keychain, dispatcher, ...surroundings(lock), onFound });
  const run: RunAs = (accountId, bucket, operation) => accounts.run(accountId, bucket, operation);
  lock.onChange((locked) => {
    if (locked) accounts.clearCaches();
  });
  accounts.onChange((list) => emit('accounts.changed', list));
  const practice = new Practice(join(userData, 'practice'), (found) => troubles.add('practice', found));
  // Start it before the queue, whose journal may hold transfers to it.
  if (settings.current.lastAccountId === PRACTICE_ID) await reopenPractice(accounts, practice);
  const pasted = new PastedAccounts();
  ledger.onChange(() => emit('ledger.changed', null));
  const queued = await openQueue({ userData, accounts, settings, troubles, dispatcher }, emit, onBatch);
  const editing = await openEditing(userData, run, emit, troubles);
  const deletions = createDeletions(run, emit);
  const close = async (): Promise<void> => {
    deletions.close();
    await Promise.all([editing.opened.close(), editing.edited.close()]);
    await queued.queue.close();
    await ledger.close();
    await practice.stop();
    await dispatcher.destroy();
  };
  const received = new ReceivedLinks(dispatcher, (host) => cdnDomains.validityOf(host));
  const inMemory = { received, pasted, files: new ReceivedFiles(), grants: new GrantIssuer({ accounts, ledger }) };
  const receivedGrants = new ReceivedGrants({ accounts, pasted });
  lock.onGivenUp(() => {
    for (const kept of [...Object.values(inMemory), receivedGrants, deletions, cdnDomains]) kept.clear();
    void editing.opened.close();
    void editing.edited.clear();
  });
  return {
    settings,
    accounts,
    ...inMemory,
    receivedGrants,
    ledger,
    links: new LinkIssuer({ accounts, ledger }),
    cdn: new CdnIssuer({ accounts, ledger, domains: cdnDomains, dispatcher }),
    cdnDomains,
    forms: new FormIssuer({ accounts, ledger }),
    tickets: new TicketIssuer({ accounts, ledger }),
    policies: policyEditor(),
    ...createTicketSources(run, emit, lock),
    deletions,
    ...editing,
    ...queued,
    practice,
    network,
    lock,
    authorities,
    troubles,
    close,
  };
}

function domainReporter(emit: Emit): NonNullable<AccountsOptions['onFound']> {
  return (accountId, { bucket, way, domains, lost }) => {
    const { domain, isHostRefused } = way;
    emit('buckets.domainFound', { accountId, bucket, domain, isHostRefused, offered: offeredOf(domains), lost });
  };
}

/** How many domains there are to choose from; null if the account may not list them. */
function offeredOf(domains: DomainFinding['domains']): number | null {
  if (domains === null) return 0;
  if (!('kind' in domains)) return domains.length;
  return isDenied(domains) ? null : 0;
}

function createDeletions(run: RunAs, emit: Emit): Deletions {
  return new Deletions({
    run,
    onProgress: (all) => emit('deletions.changed', all),
    onGone: ({ accountId, bucket, keys, prefixes }) => {
      for (const prefix of new Set([...keys, ...prefixes].map(parentPrefix))) {
        emit('objects.changed', { accountId, bucket, prefix });
      }
    },
  });
}

/** What is served by ticket. Tickets are void once the app locks: a locked window shows no file, and leaves none to drop. */
function createTicketSources(run: RunAs, emit: Emit, lock: Lock): TicketSources {
  const onFailure = (failure: Failure): void => emit('objects.dragFailed', failure);
  const dragOuts = new DragOuts({ run, now: Date.now, onFailure });
  const sources = { previews: new Previews(run), thumbnails: new Thumbnails(run), dragOuts };
  lock.onChange(() => {
    for (const source of Object.values(sources)) source.clear();
  });
  return sources;
}

/** Restarts the practice server for an account that was in use. If it fails, the welcome screen offers it again. */
async function reopenPractice(accounts: Accounts, practice: Practice): Promise<void> {
  try {
    await accounts.openPractice(await practice.start());
  } catch (error) {
    recordBug('practice', error);
  }
}

/** Opens the queue and restores the transfers of its journal. Pasted files that none of them waits for are removed. */
async function openQueue(
  { userData, accounts, settings, troubles, dispatcher }: QueueParts,
  emit: Emit,
  onBatch: (batch: TransferBatch) => void,
): Promise<Pick<Core, 'queue' | 'pastedFiles'>> {
  const pastedFiles = new PastedFiles(join(userData, 'pasted'));
  const queue = new TransferQueue({
    connection: (accountId, bucket) => accounts.connection(accountId, bucket),
    refresh: (accountId) => Promise.resolve(void accounts.access(accountId).renew()),
    dispatcher,
    journalFile: join(userData, 'transfers.jsonl'),
    overwrite: () => settings.current.overwrite,
    onBatch: (batch) => {
      emit('transfers.changed', batch);
      onBatch(batch);
    },
    onBug: recordBug,
    onEnded: (transfer) => pastedFiles.forget(transfer),
    onRemoved: (transfer) => pastedFiles.drop(transfer),
    onTrouble: (trouble) => troubles.add('transfers', [trouble]),
    onUploaded: (accountId, bucket, key) => emit('objects.changed', { accountId, bucket, prefix: folderPrefix(key) }),
  });
  await pastedFiles.sweep(queue.list());
  return { queue, pastedFiles };
}
