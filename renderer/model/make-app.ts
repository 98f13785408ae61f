import type { AppInfo } from '../../main/contract/contract.ts';
import type { call } from '../lib/bridge.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import { AccountList } from './accounts.svelte.ts';
import { Actions } from './files/actions.svelte.ts';
import type { App } from './app.ts';
import { Browser } from './browsing/browser.svelte.ts';
import { ColumnLayout } from './browsing/columns.svelte.ts';
import { Clock } from './clock.svelte.ts';
import { Downloads } from './files/downloads.ts';
import { DeletionList } from './files/deletions.svelte.ts';
import { Dialogs } from './dialogs.svelte.ts';
import { Dragging } from './files/dragging.ts';
import { EverywhereSearch } from './browsing/everywhere.svelte.ts';
import { FolderSizes } from './browsing/folder-sizes.svelte.ts';
import { FrozenObjects } from './files/frozen-objects.ts';
import { Identities } from './identities.svelte.ts';
import { Incoming } from './incoming.ts';
import { LinkCopies } from './files/link-copies.ts';
import { LiveLinks } from './live-links.svelte.ts';
import { LinkLedger } from './ledger.svelte.ts';
import { Opening } from './files/opening.svelte.ts';
import { Moving } from './files/moving.svelte.ts';
import { Places } from './browsing/places.svelte.ts';
import { PublicMarks } from './browsing/public-marks.svelte.ts';
import { SharePresets } from './share-presets.ts';
import { SettingsState } from './settings.svelte.ts';
import { News } from './news.ts';
import { TransferEndings } from './transfers/endings.ts';
import { Thumbnails } from './browsing/thumbnails.ts';
import { TransferList } from './transfers/transfers.svelte.ts';
import { UndoStack } from './undo.ts';
import { Uploads } from './files/uploads.ts';
import { Versions } from './files/versions.ts';

/** Creates the window's state. Each part receives the others it depends on. */
export function makeApp(info: AppInfo, messages: Messages, callMain: typeof call): App {
  const settings = new SettingsState(info, messages, callMain);
  const accounts = new AccountList(callMain, (account) =>
    account.origin === 'practice' ? { ...account, name: messages.text('accounts.practice.name') } : account,
  );
  const browser = new Browser(accounts, callMain);
  const dialogs = new Dialogs();
  const ledger = new LinkLedger(callMain);
  const news = new News(messages);
  const frozen = new FrozenObjects(browser, callMain);
  const transfers = new TransferList(callMain);
  const endings = new TransferEndings(transfers);
  const undo = new UndoStack(news.ofWindow(), messages);
  const linkCopies = new LinkCopies({ accounts, dialogs, frozen, messages, news, call: callMain });
  const lateCopies = new LinkCopies({ accounts, dialogs, frozen, messages, news: news.ofWindow(), call: callMain });
  const uploads = new Uploads({ browser, linkCopies: lateCopies, messages, news, settings, endings, call: callMain });
  const downloads = new Downloads({ messages, news: news.ofWindow(), settings, endings, call: callMain });
  const shown = { browser, dialogs, ledger, settings, news, messages, undo };
  const actions = new Actions({ ...shown, downloads, frozen, linkCopies, uploads, call: callMain });
  const moving = new Moving({ actions, browser, dialogs, endings, undo, news, messages, call: callMain });
  return {
    info,
    messages,
    settings,
    accounts,
    identities: new Identities(callMain),
    browser,
    actions,
    linkCopies,
    uploads,
    presets: new SharePresets(settings, messages),
    opening: new Opening({ actions, dialogs, frozen, messages, news: news.ofWindow(), call: callMain }),
    moving,
    incoming: new Incoming({ accounts, actions, browser, dialogs, messages, news, call: callMain }),
    dragging: new Dragging(moving, news, callMain),
    deletions: new DeletionList({ browser, undo, news: news.ofWindow(), messages, call: callMain }),
    versions: new Versions({ actions, browser, dialogs, news, messages, call: callMain }),
    columns: new ColumnLayout(settings),
    folderSizes: new FolderSizes(callMain),
    thumbnails: new Thumbnails(callMain),
    places: new Places(settings),
    publicMarks: new PublicMarks(callMain),
    dialogs,
    ledger,
    everywhere: new EverywhereSearch(callMain),
    liveLinks: new LiveLinks(callMain),
    transfers,
    endings,
    undo,
    news,
    clock: new Clock(1000),
    minutes: new Clock(60_000),
  };
}
