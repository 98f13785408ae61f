import type { ElectronApplication } from 'playwright';

/** The part of a menu item that tests use. */
interface Item {
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly submenu?: { readonly items: readonly Item[] } | undefined;
  readonly click: unknown;
}

/** What the hooks of watchTray() keep on the main process's globalThis. */
interface Watched {
  tray: {
    /** The item that is shown, and its menu. */
    item: { emit(event: string, ...args: unknown[]): boolean; isDestroyed(): boolean } | null;
    menu: { readonly items: readonly Item[] } | null;
    tip: string;
    readonly news: string[];
  };
}

/**
 * Keeps the menu of the tray item, which nobody can ask Electron for, and the notifications of the system. Call it before
 * the item is switched on.
 */
export async function watchTray(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Tray, Notification }) => {
    const tray: Watched['tray'] = { item: null, menu: null, tip: '', news: [] };
    Object.assign(globalThis, { tray });
    const original = (name: 'setContextMenu' | 'setToolTip') => Reflect.get(Tray.prototype, name) as () => void;
    const [setContextMenu, setToolTip] = [original('setContextMenu'), original('setToolTip')];
    Tray.prototype.setContextMenu = function (menu) {
      Object.assign(tray, { item: this, menu });
      Reflect.apply(setContextMenu, this, [menu]);
    };
    Tray.prototype.setToolTip = function (tip) {
      tray.tip = tip;
      Reflect.apply(setToolTip, this, [tip]);
    };
    Notification.prototype.show = function () {
      tray.news.push(`${this.title}\n${this.body}`);
    };
  });
}

/** Whether the item is shown. */
export function hasTray(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(() => {
    const { item } = (globalThis as unknown as Watched).tray;
    return item !== null && !item.isDestroyed();
  });
}

/** The labels of the item's menu, those of submenus included. */
export function trayLabels(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => {
    const { menu } = (globalThis as unknown as Watched).tray;
    const all = (items: readonly Item[]): readonly Item[] =>
      items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    return all(menu?.items ?? [])
      .filter(({ type }) => type !== 'separator')
      .map(({ label }) => label);
  });
}

/** What is shown when the pointer rests on the item. */
export function trayTip(app: ElectronApplication): Promise<string> {
  return app.evaluate(() => (globalThis as unknown as Watched).tray.tip);
}

/** Chooses an entry of the item's menu by its label. */
export function chooseInTray(app: ElectronApplication, label: string): Promise<void> {
  return app.evaluate((_, wanted) => {
    const { menu } = (globalThis as unknown as Watched).tray;
    const all = (items: readonly Item[]): readonly Item[] =>
      items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    const item = all(menu?.items ?? []).find((one) => one.label === wanted && one.enabled);
    if (item === undefined) throw new Error(`the menu has no ${wanted}`);
    (item.click as () => void)();
  }, label);
}

/** Drops files or a text on the item, as the system of macOS does. */
export function dropOnTray(app: ElectronApplication, dropped: readonly string[] | string): Promise<void> {
  return app.evaluate((_, given) => {
    const { item } = (globalThis as unknown as Watched).tray;
    item?.emit(typeof given === 'string' ? 'drop-text' : 'drop-files', {}, given);
  }, dropped);
}

/** The notifications of the system so far, each as its title and its text in two lines. */
export function trayNews(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as Watched).tray.news);
}
