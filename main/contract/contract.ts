import { z } from 'zod';
import type { Account, EnvironmentAccount, KeychainStatus } from '../accounts/account.ts';
import { accountDraftSchema } from '../accounts/account.ts';
import type { ProfileList } from '../accounts/sources/profiles/profiles.ts';
import type { CallerIdentity } from '../accounts/sts/sts.ts';
import type { Failure } from '../failure.ts';
import type { Region } from '../oss/regions.ts';
import type { FileTrouble } from '../local-files/file-trouble.ts';
import type { Settings } from '../settings.ts';
import { settingsPatchSchema } from '../settings.ts';
import type { TransferBatch } from '../transfers/tasks/transfer.ts';
import { accessCalls, type AccessResults } from './access-calls.ts';
import { browsingCalls, type BrowsingResults } from './browsing-calls.ts';
import { cdnCalls, type CdnResults } from './cdn-calls.ts';
import { deletionCalls, type DeletionProgress, type DeletionResults } from './deletion-calls.ts';
import { editingCalls, type EditingResults, type OpenedFile } from './editing-calls.ts';
import { accountId, none } from './fields.ts';
import { linkCalls, type LinkResults } from './link-calls.ts';
import { lockCalls, type LockResults } from './lock-calls.ts';
import { networkCalls, type NetworkResults } from './network-calls.ts';
import { objectCalls, type HeldObjects, type ObjectResults } from './object-calls.ts';
import { policyCalls, type PolicyResults } from './policy-calls.ts';
import { propertyCalls, type PropertyResults } from './property-calls.ts';
import { requestCalls, type RequestResults } from './request-calls.ts';
import { transferCalls, type TransferResults } from './transfer-calls.ts';
import { windowCalls, type WindowPlace, type WindowResults } from './window-calls.ts';

export type {
  Account,
  AccountColour,
  AccountDraft,
  KeyAccount,
  KeychainStatus,
  KeyDraft,
} from '../accounts/account.ts';
export type { FoundProfile } from '../accounts/sources/profiles/profiles.ts';
export type { CallerIdentity } from '../accounts/sts/sts.ts';
export type { Failure } from '../failure.ts';
export type { Column, ColumnSettings, ProxySettings, Settings, SettingsPatch, SharePreset } from '../settings.ts';
export type * from './access-calls.ts';
export type * from './browsing-calls.ts';
export type * from './cdn-calls.ts';
export type * from './deletion-calls.ts';
export type * from './editing-calls.ts';
export type * from './link-calls.ts';
export type * from './lock-calls.ts';
export type * from './network-calls.ts';
export type * from './object-calls.ts';
export type * from './policy-calls.ts';
export type * from './property-calls.ts';
export type * from './request-calls.ts';
export type * from './transfer-calls.ts';
export type * from './window-calls.ts';

/** Credentials that were pasted: main fills their secrets into the draft. */
const pasteId = z.uuid().optional();

/** What the renderer may ask. Main parses all arguments with these schemas, since a page is not trusted. */
export const calls = {
  ...accessCalls,
  ...browsingCalls,
  ...cdnCalls,
  ...deletionCalls,
  ...editingCalls,
  ...linkCalls,
  ...lockCalls,
  ...networkCalls,
  ...objectCalls,
  ...policyCalls,
  ...propertyCalls,
  ...requestCalls,
  ...transferCalls,
  ...windowCalls,

  'app.info': none,
  'app.takeTroubles': none,
  'app.copyDiagnostics': none,
  'app.showLog': none,
  'app.reportBug': z.strictObject({ text: z.string().max(4000) }),
  'settings.set': settingsPatchSchema,

  'accounts.list': none,
  'accounts.keychain': none,
  'accounts.add': z.strictObject({ draft: accountDraftSchema, pasteId }),
  'accounts.update': z.strictObject({ id: accountId, draft: accountDraftSchema, pasteId }),
  'accounts.remove': z.strictObject({ id: accountId }),
  'accounts.openPractice': none,
  'accounts.useEnvironment': none,
  'accounts.profiles': none,
  'accounts.identity': z.strictObject({ id: accountId }),
  'accounts.readAgain': z.strictObject({ id: accountId }),

  'clipboard.copy': z.strictObject({ text: z.string().max(1_000_000) }),

  'dialogs.pickFiles': z.strictObject({ what: z.enum(['files', 'folders', 'credentials']) }),
  'dialogs.pickFolder': none,
} satisfies Record<keyof Results, z.ZodType>;

/** The result of each call. Results come from main, which is trusted, so they have types and no schemas. */
export interface Results
  extends
    AccessResults,
    BrowsingResults,
    CdnResults,
    DeletionResults,
    EditingResults,
    LinkResults,
    LockResults,
    NetworkResults,
    ObjectResults,
    PolicyResults,
    PropertyResults,
    RequestResults,
    TransferResults,
    WindowResults {
  /** Returns what a page needs to know once, at start. */
  'app.info': AppInfo;
  /** Returns what went wrong with Waybill's own files and was told by no page yet; this page tells it. */
  'app.takeTroubles': readonly StateTrouble[];
  /** Puts versions, counts and the redacted end of the log on the clipboard: no secrets, but the log may hold names. */
  'app.copyDiagnostics': null;
  /** Shows the log file in the system's file manager. */
  'app.showLog': null;
  /** Writes an error of the page to the log, redacted, and returns its ID there; null for one too many. */
  'app.reportBug': { readonly logId: string | null };
  /** Changes some settings and returns them all. Fails with `file` if they can't be saved. */
  'settings.set': Settings;

  /** Returns all accounts of this run. */
  'accounts.list': readonly Account[];
  /** Returns whether secrets can be stored now: a keychain may be unlocked at any time. */
  'accounts.keychain': KeychainStatus;
  /** Saves an account after a test request. Fails with what OSS or STS answered. */
  'accounts.add': Account;
  /** Replaces an account's fields after a test request; an empty secret keeps the stored one. */
  'accounts.update': Account;
  /** Deletes an account and its secret. Fails with `keychain` while the keychain is locked. */
  'accounts.remove': null;
  /** Starts the practice server if needed and returns its account. */
  'accounts.openPractice': Account;
  /** Returns an account with the credentials of the environment, for this run. */
  'accounts.useEnvironment': Account;
  /** Returns the profiles of other programs on this computer, without their secrets. */
  'accounts.profiles': ProfileList;
  /** Returns who the account's requests are signed as. Fails with what STS answered. */
  'accounts.identity': CallerIdentity;
  /** Asks the source of an account's credentials again, and resumes its waiting transfers. Fails with what it said. */
  'accounts.readAgain': null;

  /** Puts a text on the clipboard. */
  'clipboard.copy': null;

  /** Shows an open dialog and returns absolute paths; empty if it was cancelled. */
  'dialogs.pickFiles': readonly string[];
  /** Shows a folder dialog and returns an absolute path; null if it was cancelled. */
  'dialogs.pickFolder': string | null;
}

/** What main reports to the windows without being asked. */
export interface Events {
  /** An account was added, changed or removed. */
  'accounts.changed': readonly Account[];
  /** Waybill created or deleted a bucket. */
  'buckets.changed': { readonly accountId: string };
  /** Waybill changed who has access to a bucket, by its policy or its ACL. */
  'access.changed': { readonly accountId: string; readonly bucket: string };
  /** OSS refused data calls to the bucket on its own host, or no longer lists the custom domain that was used (`lost`). */
  'buckets.domainFound': {
    readonly accountId: string;
    readonly bucket: string;
    /** The custom domain used from now on; null for OSS's own host. */
    readonly domain: string | null;
    readonly isHostRefused: boolean;
    /** How many domains there are to choose from; null if the account may not list them. */
    readonly offered: number | null;
    readonly lost: string | null;
  };
  /** Transfers changed. At most 10 a second in total, whatever their number. */
  'transfers.changed': TransferBatch;
  /** The ledger changed: reload lists of its entries. */
  'ledger.changed': null;
  /** A `ledger.end` of this window has changed the bucket's policy, and waits until OSS refuses what it ends. */
  'ledger.ending': { readonly id: string };
  /** A link came from outside, and this window shows it: fetch it with `links.takeHanded`. */
  'links.handed': null;
  /** Progress of this window's `links.makeMany`, at most 10 a second. */
  'links.making': { readonly made: number };
  /** How many objects a `properties.change` has processed, at most 10 a second. */
  'properties.changing': { readonly changeId: string; readonly done: number };
  /** Waybill changed something below this prefix: reload lists that show it. */
  'objects.changed': { readonly accountId: string; readonly bucket: string; readonly prefix: string };
  /** The copied or cut selection changed; null once cut objects are pasted. */
  'objects.held': HeldObjects | null;
  /** A file that was dropped outside the window failed to arrive. */
  'objects.dragFailed': Failure;
  /** All files that other programs show or edit, at most 10 a second while bytes arrive. */
  'editing.changed': readonly OpenedFile[];
  /** All deletions that weren't dismissed, at most 10 a second. */
  'deletions.changed': readonly DeletionProgress[];
  /** Something went wrong with a file of Waybill's own: fetch it with `app.takeTroubles`. */
  'app.trouble': null;
  /** Settings changed in any window. */
  'settings.changed': Settings;
  /** A menu item or its accelerator was used. */
  command: MenuCommand;
}

/** Commands of the application menu that the renderer handles. */
export type MenuCommand =
  | 'new-window'
  | 'open-link'
  | 'add-account'
  | 'upload-files'
  | 'upload-folder'
  | 'new-folder'
  | 'undo'
  | 'redo'
  | 'select-all'
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

/** What a page needs to know once, at start. */
export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly systemLocale: string;
  readonly settings: Settings;
  /** Where this window starts; null means where its account starts. */
  readonly place: WindowPlace;
  readonly keychain: KeychainStatus;
  readonly environment: EnvironmentAccount | null;
  readonly regions: readonly Region[];
  /** The system's, which downloads go to unless the settings name another. */
  readonly downloadFolder: string;
  /** Whether this build knows where updates come from. */
  readonly canUpdate: boolean;
}

/** Waybill's own files, by what they hold. */
export type StateFile =
  'settings' | 'accounts' | 'transfers' | 'links' | 'cdn' | 'authorities' | 'practice' | 'window' | 'edits';

/** What went wrong with one of them. */
export type StateTrouble = FileTrouble & { readonly file: StateFile };

/** The name of a call. Its channel is `waybill:` and the name. */
export type CallName = keyof Results;
/** The arguments of a call, as parsed by its schema. */
export type ArgsOf<C extends CallName> = z.infer<(typeof calls)[C]>;
/** The result of a call, or why it failed: as data, since Electron passes on only an Error's message. */
export type Reply<C extends CallName> =
  { readonly ok: true; readonly value: Results[C] } | { readonly ok: false; readonly failure: Failure };

/** `window.waybill`: all that the page gets of main. */
export interface Bridge {
  /** Makes a call. Failures are part of the reply. */
  call<C extends CallName>(name: C, args: ArgsOf<C>): Promise<Reply<C>>;
  /** Calls `listener` on each event, until the returned function is called. */
  on<E extends keyof Events>(name: E, listener: (payload: Events[E]) => void): () => void;
  /** Returns the absolute paths of dropped or picked files, in order. Call it in the event itself. */
  pathsOf(files: readonly File[]): string[];
}
