import { createContext } from 'svelte';
import type { AppInfo } from '../../main/contract/contract.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import type { AccountList } from './accounts.svelte.ts';
import type { Actions } from './files/actions.svelte.ts';
import type { Browser } from './browsing/browser.svelte.ts';
import type { ColumnLayout } from './browsing/columns.svelte.ts';
import type { Clock } from './clock.svelte.ts';
import type { DeletionList } from './files/deletions.svelte.ts';
import type { Dragging } from './files/dragging.ts';
import type { Dialogs } from './dialogs.svelte.ts';
import type { EverywhereSearch } from './browsing/everywhere.svelte.ts';
import type { FolderSizes } from './browsing/folder-sizes.svelte.ts';
import type { Identities } from './identities.svelte.ts';
import type { Incoming } from './incoming.ts';
import type { LinkCopies } from './files/link-copies.ts';
import type { Uploads } from './files/uploads.ts';
import type { LiveLinks } from './live-links.svelte.ts';
import type { LinkLedger } from './ledger.svelte.ts';
import type { Opening } from './files/opening.svelte.ts';
import type { Moving } from './files/moving.svelte.ts';
import type { PublicMarks } from './browsing/public-marks.svelte.ts';
import type { Places } from './browsing/places.svelte.ts';
import type { SharePresets } from './share-presets.ts';
import type { SettingsState } from './settings.svelte.ts';
import type { News } from './news.ts';
import type { TransferEndings } from './transfers/endings.ts';
import type { Thumbnails } from './browsing/thumbnails.ts';
import type { TransferList } from './transfers/transfers.svelte.ts';
import type { UndoStack } from './undo.ts';
import type { Versions } from './files/versions.ts';

/** Everything the screens share, created once in main.ts. */
export interface App {
  /** The state at start: settings and accounts change later, in their own classes. */
  readonly info: AppInfo;
  readonly messages: Messages;
  readonly settings: SettingsState;
  readonly accounts: AccountList;
  readonly identities: Identities;
  readonly browser: Browser;
  readonly actions: Actions;
  readonly linkCopies: LinkCopies;
  readonly uploads: Uploads;
  readonly presets: SharePresets;
  readonly opening: Opening;
  readonly moving: Moving;
  readonly dragging: Dragging;
  readonly incoming: Incoming;
  readonly versions: Versions;
  readonly deletions: DeletionList;
  readonly columns: ColumnLayout;
  readonly folderSizes: FolderSizes;
  readonly thumbnails: Thumbnails;
  readonly places: Places;
  readonly publicMarks: PublicMarks;
  readonly dialogs: Dialogs;
  readonly ledger: LinkLedger;
  readonly liveLinks: LiveLinks;
  readonly everywhere: EverywhereSearch;
  readonly transfers: TransferList;
  /** Transfers of this window that somebody waits for. */
  readonly endings: TransferEndings;
  /** What Ctrl+Z undoes. */
  readonly undo: UndoStack;
  readonly news: News;
  /** Ticks every second, for the time that is left. */
  readonly clock: Clock;
  /** Ticks every minute, for the time that has passed: a long list must not be drawn each second. */
  readonly minutes: Clock;
}

export const [getApp, setApp] = createContext<App>();
