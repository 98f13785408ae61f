import { z } from 'zod';
import type { Account, EnvironmentAccount, KeychainStatus } from '../accounts/account.ts';
import { accountDraftSchema } from '../accounts/account.ts';
import type { Failure } from '../failure.ts';
import type { Region } from '../oss/regions.ts';
import type { Settings, SettingsTrouble } from '../settings.ts';
import { settingsPatchSchema } from '../settings.ts';
import type { TransferBatch } from '../transfers/tasks/transfer.ts';
import { accessCalls, type AccessResults } from './access-calls.ts';
import { browsingCalls, type BrowsingResults } from './browsing-calls.ts';
import { deletionCalls, type DeletionProgress, type DeletionResults } from './deletion-calls.ts';
import { linkCalls, type LinkResults } from './link-calls.ts';
import { lockCalls, type LockResults } from './lock-calls.ts';
import { networkCalls, type NetworkResults } from './network-calls.ts';
import { objectCalls, type HeldObjects, type ObjectResults } from './object-calls.ts';
import { propertyCalls, type PropertyResults } from './property-calls.ts';
import { transferCalls, type TransferResults } from './transfer-calls.ts';
import { windowCalls, type WindowPlace, type WindowResults } from './window-calls.ts';

export type { Account, AccountColour, AccountDraft } from '../accounts/account.ts';
export type { Failure } from '../failure.ts';
export type { Column, ColumnSettings, ProxySettings, Settings, SettingsPatch } from '../settings.ts';
export type * from './access-calls.ts';
export type * from './browsing-calls.ts';
export type * from './deletion-calls.ts';
export type * from './link-calls.ts';
export type * from './lock-calls.ts';
export type * from './network-calls.ts';
export type * from './object-calls.ts';
export type * from './property-calls.ts';
export type * from './transfer-calls.ts';
export type * from './window-calls.ts';

const none = z.strictObject({});
const accountId = z.uuid();
/** Credentials that were read from a paste, whose secrets main puts in the draft. */
const pasteId = z.uuid().optional();

/** What the renderer may ask. Arguments come from an untrusted process: main parses each with its schema. */
export const calls = {
  ...accessCalls,
  ...browsingCalls,
  ...deletionCalls,
  ...linkCalls,
  ...lockCalls,
  ...networkCalls,
  ...objectCalls,
  ...propertyCalls,
  ...transferCalls,
  ...windowCalls,

  'app.info': none,
  'app.copyDiagnostics': none,
  'app.showLog': none,
  'settings.set': settingsPatchSchema,

  'accounts.list': none,
  'accounts.add': z.strictObject({ draft: accountDraftSchema, pasteId }),
  'accounts.update': z.strictObject({ id: accountId, draft: accountDraftSchema, pasteId }),
  'accounts.remove': z.strictObject({ id: accountId }),
  'accounts.openPractice': none,
  'accounts.useEnvironment': none,

  'clipboard.copy': z.strictObject({ text: z.string().max(1_000_000) }),

  'dialogs.pickFiles': z.strictObject({ what: z.enum(['files', 'folders']) }),
  'dialogs.pickFolder': none,
} satisfies Record<keyof Results, z.ZodType>;

/** What each call gives back. Results come from main and are trusted, so types are enough. */
export interface Results
  extends
    AccessResults,
    BrowsingResults,
    DeletionResults,
    LinkResults,
    LockResults,
    NetworkResults,
    ObjectResults,
    PropertyResults,
    TransferResults,
    WindowResults {
  'app.info': AppInfo;
  /** Versions, counts and the end of the log are on the clipboard, without secrets and names. */
  'app.copyDiagnostics': null;
  'app.showLog': null;
  'settings.set': Settings;

  'accounts.list': readonly Account[];
  /** Saved only once a real call with these credentials worked; the same for an update. */
  'accounts.add': Account;
  'accounts.update': Account;
  'accounts.remove': null;
  'accounts.openPractice': Account;
  'accounts.useEnvironment': Account;

  'clipboard.copy': null;

  /** Absolute paths; empty when the person cancelled. */
  'dialogs.pickFiles': readonly string[];
  'dialogs.pickFolder': string | null;
}

/** What main tells the windows unasked. */
export interface Events {
  'accounts.changed': readonly Account[];
  /** A bucket came or went through Waybill. */
  'buckets.changed': { readonly accountId: string };
  /** At most 10 a second in total, whatever the number of transfers. */
  'transfers.changed': TransferBatch;
  /** Something was handed out, or an entry changed: a list of them asks again. */
  'ledger.changed': null;
  /** A link came from outside, and this window is to show it: ask for it with links.takeHanded. */
  'links.handed': null;
  /** How far this window's links.makeMany is; at most 10 a second. */
  'links.making': { readonly made: number };
  /** How many objects properties.change is done with; at most 10 a second. */
  'properties.changing': { readonly changeId: string; readonly done: number };
  /** Something under this prefix changed through Waybill: a list that shows it reloads. */
  'objects.changed': { readonly accountId: string; readonly bucket: string; readonly prefix: string };
  /** Another selection was copied or cut, or what was cut is pasted. */
  'objects.held': HeldObjects | null;
  /** What was dropped outside the window did not arrive. */
  'objects.dragFailed': Failure;
  /** All that were not dismissed; at most 10 a second. */
  'deletions.changed': readonly DeletionProgress[];
  'settings.changed': Settings;
  /** A menu entry or its accelerator was chosen. */
  command: MenuCommand;
}

/** The commands of the application menu that the renderer carries out. */
export type MenuCommand =
  | 'new-window'
  | 'open-link'
  | 'add-account'
  | 'upload-files'
  | 'upload-folder'
  | 'new-folder'
  | 'refresh'
  | 'go-to-address'
  | 'filter'
  | 'toggle-transfers'
  | 'settings'
  | 'larger-text'
  | 'smaller-text'
  | 'usual-text'
  | 'lock'
  | 'keyboard-help'
  | 'copy-diagnostics';

/** What the renderer needs to know once, at start. */
export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly systemLocale: string;
  readonly settings: Settings;
  /** Where this window is, or is to begin; null: wherever the account begins. */
  readonly place: WindowPlace;
  readonly keychain: KeychainStatus;
  readonly environment: EnvironmentAccount | null;
  readonly regions: readonly Region[];
  readonly downloadFolder: string;
  /** This build knows where updates come from. */
  readonly canUpdate: boolean;
  /** Where a file of accounts that could not be understood was moved, or null. */
  readonly accountsSetAside: string | null;
  readonly settingsTrouble: SettingsTrouble | null;
}

/** The name of a call; its channel is `waybill:` and this. */
export type CallName = keyof Results;
/** The arguments of a call, as the schema lets them through. */
export type ArgsOf<C extends CallName> = z.infer<(typeof calls)[C]>;
/** Errors travel as data: Electron keeps only an Error's message across processes. */
export type Reply<C extends CallName> =
  { readonly ok: true; readonly value: Results[C] } | { readonly ok: false; readonly failure: Failure };

/** What `window.waybill` is. */
export interface Bridge {
  call<C extends CallName>(name: C, args: ArgsOf<C>): Promise<Reply<C>>;
  on<E extends keyof Events>(name: E, listener: (payload: Events[E]) => void): () => void;
  /** The absolute paths of files that were dropped or chosen, in the same order. Synchronous: ask in the event itself. */
  pathsOf(files: readonly File[]): string[];
}
