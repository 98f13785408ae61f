import { app, clipboard, dialog } from 'electron';
import { toFailure, WaybillError } from '../../failure.ts';
import { recognise } from '../../links/receiving/recognise.ts';
import type { DropFolder } from '../../settings.ts';
import type { ActivityWatch } from '../../transfers/tasks/activity.ts';
import type { TransferBatch } from '../../transfers/tasks/transfer.ts';
import type { Translator } from '../../words/translator.ts';
import type { Core } from '../core.ts';
import { recordBug } from '../log.ts';
import { passLink } from '../windows/deep-links.ts';
import { notify } from '../windows/notify.ts';
import type { Windows } from '../windows/windows.ts';
import { Drops } from './drops.ts';
import { type DropNews, dropText } from './drop-news.ts';
import { TrayLinks } from './links.ts';
import { TrayItem } from './tray-item.ts';
import { type TrayAction, trayLook, type TrayState } from './tray-menu.ts';

/** Dependencies of WaybillTray. */
interface TrayParts {
  readonly core: Core;
  readonly windows: Windows;
  readonly activity: Pick<ActivityWatch, 'current'>;
  /** The language of menus and notifications. */
  readonly language: () => Translator;
}

/** What Waybill does without a window: the item in the menu bar or the tray, and what is dropped on it. */
export class WaybillTray {
  readonly #parts: TrayParts;
  readonly #links: TrayLinks;
  readonly #drops: Drops;
  readonly #item: TrayItem;

  constructor(parts: TrayParts) {
    this.#parts = parts;
    const { queue, pastedFiles, ledger, lock, settings } = parts.core;
    this.#links = new TrayLinks(parts.core, async (text) => {
      // It may have locked while the link was created.
      if (lock.isLocked) throw new WaybillError({ kind: 'input', field: 'lock', rule: 'app-locked' });
      await clipboard.writeText(text);
    });
    this.#drops = new Drops({
      ...{ queue, pastedFiles, onBug: recordBug },
      isLocked: () => lock.isLocked,
      settings: () => settings.current,
      copyLinks: (folder, keys) => this.#links.copyNew(folder, keys),
      announce: (news, folder) => this.#announce(news, folder),
      textName: () => textName(parts.language(), new Date()),
    });
    this.#item = new TrayItem({
      look: () => trayLook(this.#state(), parts.language(), process.platform),
      act: (action) => void this.#act(action),
      onFiles: (paths) => void this.#drops.files(paths),
      onText: (text) => void this.#takeText(text),
    });
    ledger.onChange(() => this.#item.updateSoon());
    lock.onChange(() => this.#item.update());
  }

  /** Takes each batch of the queue. */
  follow(batch: TransferBatch): void {
    this.#drops.follow(batch);
    this.#item.updateSoon();
  }

  /** Applies the settings. */
  apply(): void {
    if (this.#parts.core.settings.current.tray) this.#item.show();
    else this.#item.remove();
    this.#item.update();
  }

  /**
   * Whether Waybill runs on without a window, as people expect of a program with such an item. The first time it says so.
   * macOS programs always do.
   */
  runsOn(): boolean {
    if (process.platform === 'darwin') return true;
    if (!this.#item.isShown) return false;
    const { settings } = this.#parts.core;
    if (settings.current.toldRunsOn) return true;
    const { text } = this.#parts.language();
    const news = { title: text('tray.runs-on.title'), body: text('tray.runs-on', { platform: process.platform }) };
    // It doesn't matter much if it is said again.
    if (notify(news, () => this.#open())) void settings.set({ toldRunsOn: true }).catch(() => undefined);
    return true;
  }

  #state(): TrayState {
    const { activity, core } = this.#parts;
    if (core.lock.isLocked) return { isLocked: true };
    const { dropFolder } = core.settings.current;
    const folder = dropFolder === null ? null : `oss://${dropFolder.bucket}/${dropFolder.prefix}`;
    return { isLocked: false, activity: activity.current, folder, links: this.#links.latest() };
  }

  async #act(action: TrayAction): Promise<void> {
    const { queue, lock } = this.#parts.core;
    if (action.do === 'quit') app.quit();
    else if (action.do === 'open') this.#open();
    // The menu may have been opened before the lock.
    else if (lock.isLocked) this.#announce({ kind: 'locked' }, null);
    else if (action.do === 'copy-link') await this.#copyLink(action.ledgerId);
    else if (action.do === 'upload') await this.#pickFiles();
    else queue[action.do]('all');
  }

  async #pickFiles(): Promise<void> {
    const { text } = this.#parts.language();
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: text('dialog.pick-files'),
      properties: ['openFile', 'multiSelections'],
    });
    if (!canceled) await this.#drops.files(filePaths);
  }

  async #copyLink(ledgerId: string): Promise<void> {
    try {
      this.#announce({ kind: 'link-again', ...(await this.#links.copyAgain(ledgerId)) }, null);
    } catch (error) {
      if (this.#parts.core.lock.isLocked) this.#announce({ kind: 'locked' }, null);
      else this.#announce({ kind: 'refused', failure: toFailure(error, recordBug) }, null);
    }
  }

  /** Opens a link, uploads any other text; but not credentials, which somebody dropped by mistake. */
  async #takeText(text: string): Promise<void> {
    const kind = recognise(text);
    if (kind === 'link') passLink(text);
    else if (kind === 'credentials' || kind === 'grant-code') this.#announce({ kind: 'credentials' }, null);
    else await this.#drops.text(text);
  }

  #announce(news: DropNews, folder: DropFolder | null): void {
    notify(dropText(news, this.#parts.language()), () => this.#open(folder));
  }

  /** Shows the last window, or opens one; at the folder if there is none. */
  #open(folder: DropFolder | null = null): void {
    const { windows } = this.#parts;
    const opened = windows.last === null && folder !== null ? windows.open(folder) : windows.show();
    opened.catch((error: unknown) => recordBug('window', error));
  }
}

/** A name for a text, by the time of this computer: "Text 2026-12-01 14.05.33.txt". */
function textName({ text }: Translator, now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return text('tray.text-name', { moment: local.slice(0, 19).replace('T', ' ').replaceAll(':', '.') });
}
