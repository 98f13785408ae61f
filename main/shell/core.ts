import { join } from 'node:path';
import { AccountStore } from '../accounts/account-store.ts';
import { Accounts, PRACTICE_ID, type RunAs } from '../accounts/accounts.ts';
import { osKeychain } from '../accounts/keychain.ts';
import { PastedAccounts } from '../accounts/pasting/pasted-accounts.ts';
import { Deletions } from '../deleting/deletions.ts';
import { DragOuts } from '../browsing/drag-outs.ts';
import { Previews } from '../browsing/previews.ts';
import { GrantIssuer } from '../links/grants/grant-issuer.ts';
import { ReceivedGrants } from '../links/grants/received-grants.ts';
import { Ledger } from '../links/ledger/ledger.ts';
import { LinkIssuer } from '../links/making/link-issuer.ts';
import { ReceivedFiles } from '../links/receiving/received-files.ts';
import { ReceivedLinks } from '../links/receiving/received-links.ts';
import { folderPrefix, parentPrefix } from '../oss/key-path.ts';
import { TransferAgent } from '../transfers/bytes/transfer-agent.ts';
import { TransferQueue } from '../transfers/queue/queue.ts';
import type { TransferBatch } from '../transfers/tasks/transfer.ts';
import { Authorities } from './network/authorities.ts';
import type { Tell } from './ipc.ts';
import { Lock } from './security/lock.ts';
import { recordBug } from './log.ts';
import { Network } from './network/network.ts';
import { Practice } from './practice.ts';
import { SettingsStore } from './settings-store.ts';

/** Everything that lives as long as the app and does not know of windows. */
export interface Core {
  readonly settings: SettingsStore;
  readonly accounts: Accounts;
  readonly pasted: PastedAccounts;
  readonly ledger: Ledger;
  readonly links: LinkIssuer;
  readonly grants: GrantIssuer;
  readonly receivedGrants: ReceivedGrants;
  readonly received: ReceivedLinks;
  readonly files: ReceivedFiles;
  readonly previews: Previews;
  readonly dragOuts: DragOuts;
  readonly deletions: Deletions;
  readonly queue: TransferQueue;
  readonly practice: Practice;
  readonly network: Network;
  readonly lock: Lock;
  readonly authorities: Authorities;
  /** Where a file of accounts that could not be understood was moved, or null. */
  readonly accountsSetAside: string | null;
  /** Stops all work; what was not finished goes on at the next start. */
  close(): Promise<void>;
}

/** What the queue works with. */
interface QueueParts extends Pick<Core, 'accounts' | 'settings'> {
  readonly userData: string;
  readonly dispatcher: TransferAgent;
}

/** Reads the state below `userData` and starts what works on it. `onBatch` gets what changed in the queue. */
export async function openCore(userData: string, tell: Tell, onBatch: (batch: TransferBatch) => void): Promise<Core> {
  const settings = await SettingsStore.open(join(userData, 'settings.json'));
  const authorities = await Authorities.open(join(userData, 'authorities.pem'));
  const dispatcher = new TransferAgent();
  const store = await AccountStore.open(join(userData, 'accounts.json'));
  const keychain = osKeychain();
  const network = new Network(dispatcher, keychain);
  await network.apply(settings.current.proxy);
  const accounts = new Accounts({ store, keychain, dispatcher });
  const lock = new Lock({ keychain, startsLocked: settings.current.lockAfterMinutes !== null });
  lock.onChange((locked) => {
    if (locked) accounts.clearCaches();
  });
  accounts.onChange((list) => tell('accounts.changed', list));
  const practice = new Practice(join(userData, 'practice'));
  // Before the queue, which may have work left for it.
  if (settings.current.lastAccountId === PRACTICE_ID) await reopenPractice(accounts, practice);
  const pasted = new PastedAccounts();
  const ledger = await Ledger.open({ path: join(userData, 'ledger.jsonl'), keychain });
  ledger.onChange(() => tell('ledger.changed', null));
  const queue = openQueue({ userData, accounts, settings, dispatcher }, tell, onBatch);
  const run: RunAs = (accountId, bucket, operation) => accounts.run(accountId, bucket, operation);
  const deletions = makeDeletions(run, tell);
  const close = async (): Promise<void> => {
    deletions.close();
    await queue.close();
    await practice.stop();
    await dispatcher.destroy();
  };
  const received = new ReceivedLinks(dispatcher);
  const dragOuts = makeDragOuts(run, tell, lock);
  return {
    settings,
    accounts,
    pasted,
    ledger,
    links: new LinkIssuer({ accounts, ledger }),
    grants: new GrantIssuer({ accounts, ledger }),
    receivedGrants: new ReceivedGrants({ accounts, pasted }),
    received,
    files: new ReceivedFiles(),
    previews: new Previews(run),
    dragOuts,
    deletions,
    queue,
    practice,
    network,
    lock,
    authorities,
    accountsSetAside: store.setAside,
    close,
  };
}

function makeDeletions(run: RunAs, tell: Tell): Deletions {
  return new Deletions({
    run,
    onProgress: (all) => tell('deletions.changed', all),
    onGone: ({ accountId, bucket, keys, prefixes }) => {
      for (const prefix of new Set([...keys, ...prefixes].map(parentPrefix))) {
        tell('objects.changed', { accountId, bucket, prefix });
      }
    },
  });
}

/** A window that is locked leaves nothing behind that could still be dropped. */
function makeDragOuts(run: RunAs, tell: Tell, lock: Lock): DragOuts {
  const dragOuts = new DragOuts({ run, now: Date.now, onFailure: (failure) => tell('objects.dragFailed', failure) });
  lock.onChange(() => dragOuts.clear());
  return dragOuts;
}

/** Whoever practised last time finds everything as it was. Where that fails the welcome screen offers it again. */
async function reopenPractice(accounts: Accounts, practice: Practice): Promise<void> {
  try {
    await accounts.openPractice(await practice.start());
  } catch (error) {
    recordBug('practice', error);
  }
}

/** The queue, with what the journal has left for it. */
function openQueue(
  { userData, accounts, settings, dispatcher }: QueueParts,
  tell: Tell,
  onBatch: (batch: TransferBatch) => void,
): TransferQueue {
  return new TransferQueue({
    connection: (accountId, bucket) => accounts.connection(accountId, bucket),
    refresh: (accountId) => Promise.resolve(void accounts.renew(accountId)),
    dispatcher,
    journalFile: join(userData, 'transfers.jsonl'),
    overwrite: () => settings.current.overwrite,
    onBatch: (batch) => {
      tell('transfers.changed', batch);
      onBatch(batch);
    },
    onBug: recordBug,
    onUploaded: (accountId, bucket, key) => tell('objects.changed', { accountId, bucket, prefix: folderPrefix(key) }),
  });
}
