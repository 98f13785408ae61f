import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AccountStore } from '../accounts/account-store.ts';
import { type Keychain, osKeychain } from '../accounts/keychain.ts';
import { CdnDomains } from '../links/cdn/cdn-domains.ts';
import { Ledger } from '../links/ledger/ledger.ts';
import { Authorities } from './network/authorities.ts';
import { type Lock, lockAtStart } from './security/lock.ts';
import { SettingsStore } from './settings-store.ts';
import { Troubles } from './troubles.ts';
import { WindowMemory } from './windows/window-memory.ts';

/** What is kept in the user-data folder, except for the queue and the practice account, which their owners open. */
export interface State {
  readonly userData: string;
  readonly keychain: Keychain;
  readonly settings: SettingsStore;
  readonly accounts: AccountStore;
  readonly ledger: Ledger;
  readonly cdnDomains: CdnDomains;
  readonly authorities: Authorities;
  readonly window: WindowMemory;
  readonly lock: Lock;
  readonly troubles: Troubles;
}

/**
 * Opens the files of state in `userData`. Whatever is in their place, it never rejects; `troubles` tells what is lost.
 * `profile` is '' for the usual folder, and tells any other apart in the keychain, which they share.
 */
export async function openState(
  userData: string,
  { keychain = osKeychain(), profile = '' }: { readonly keychain?: Keychain; readonly profile?: string } = {},
): Promise<State> {
  await removeLeftovers(userData);
  const settings = await SettingsStore.open(join(userData, 'settings.json'));
  const accounts = await AccountStore.open(join(userData, 'accounts.json'));
  const window = await WindowMemory.open(join(userData, 'window.json'));
  const authorities = await Authorities.open(join(userData, 'authorities.pem'));
  const ledger = Ledger.open({ path: join(userData, 'ledger.jsonl'), keychain });
  const cdnDomains = await CdnDomains.open(join(userData, 'cdn.json'), keychain);
  const troubles = new Troubles();
  troubles.add('settings', settings.troubles);
  troubles.add('accounts', accounts.troubles);
  troubles.add('links', ledger.troubles);
  troubles.add('cdn', cdnDomains.troubles);
  troubles.add('authorities', authorities.troubles);
  troubles.add('window', window.troubles);
  const lock = await lockAtStart(settings, keychain, { profile });
  return { userData, keychain, settings, accounts, ledger, cdnDomains, authorities, window, lock, troubles };
}

/** Copies that a killed process was writing: ours, and those of versions that used write-file-atomic. */
const leftover = /^(\.waybill-[0-9a-f]{16}\.new|(ledger|transfers)\.jsonl\.new|(\w+\.(json|pem|jsonl))\.\d{5,10})$/;

async function removeLeftovers(userData: string): Promise<void> {
  const names = await readdir(userData).catch(() => []);
  for (const name of names.filter((one) => leftover.test(one))) {
    await rm(join(userData, name), { force: true }).catch(() => undefined);
  }
}
