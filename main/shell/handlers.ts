import type { Core } from './core.ts';
import { accountHandlers } from './handlers/accounts.ts';
import { appHandlers } from './handlers/app.ts';
import { browsingHandlers } from './handlers/browsing.ts';
import { bucketHandlers } from './handlers/buckets.ts';
import { deletionHandlers } from './handlers/deletions.ts';
import { dialogHandlers } from './handlers/dialogs.ts';
import { grantHandlers } from './handlers/grants.ts';
import { deepLinkHandlers } from './handlers/deep-links.ts';
import { heldObjectHandlers } from './handlers/held-objects.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { linkBatchHandlers } from './handlers/link-batches.ts';
import { linkHandlers } from './handlers/links.ts';
import { lockHandlers } from './handlers/lock.ts';
import { networkHandlers } from './handlers/network.ts';
import { objectHandlers } from './handlers/objects.ts';
import { propertyHandlers } from './handlers/properties.ts';
import { receivedHandlers } from './handlers/received-links.ts';
import { transferHandlers } from './handlers/transfers.ts';
import { uploadRequestHandlers } from './handlers/upload-requests.ts';
import { versionHandlers } from './handlers/versions.ts';
import { windowHandlers } from './handlers/windows.ts';
import type { Handlers, Tell } from './ipc.ts';
import type { Translate } from '../words/translator.ts';
import type { Windows } from './windows/windows.ts';

/** What the handlers work with. */
export interface HandlerParts {
  readonly core: Core;
  readonly tell: Tell;
  readonly text: Translate;
  /** Brings theme, menu and transfers in line with the settings. */
  readonly applySettings: () => void;
  readonly windows: Windows;
}

/** A function for each call of the contract. */
export function makeHandlers({ core, tell, text, applySettings, windows }: HandlerParts): Handlers {
  const { accounts, queue } = core;
  const changed = (accountId: string, bucket: string, prefix: string): void =>
    tell('objects.changed', { accountId, bucket, prefix });
  return {
    ...accountHandlers(core, () => core.practice.start()),
    ...grantHandlers(core),
    ...ledgerHandlers(core),
    ...browsingHandlers(core),
    ...bucketHandlers(accounts, tell),
    ...objectHandlers(core, changed),
    ...heldObjectHandlers(tell),
    ...deletionHandlers(core.deletions),
    ...propertyHandlers(core, tell, changed),
    ...versionHandlers(core, changed),
    ...linkHandlers(core),
    ...linkBatchHandlers(core),
    ...uploadRequestHandlers(core, text),
    ...receivedHandlers(core),
    ...deepLinkHandlers(core, windows),
    ...transferHandlers(queue),
    ...lockHandlers(core),
    ...networkHandlers(core, text),
    ...dialogHandlers(text, (id) => queue.localPathOf(id)),
    ...appHandlers(core, tell, applySettings, windows),
    ...windowHandlers(windows),
  };
}
