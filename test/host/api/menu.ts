// Menus are plain objects here. popup() draws one over the page; the menu bar is not drawn, its accelerators work.
import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { getFocusedWindow, windows } from '../live.ts';
import type { Accelerator, DrawnItem } from '../messages.ts';
import { refusing } from '../not-implemented.ts';
import { parseAccelerator } from './accelerator.ts';
import type { BrowserWindow } from './browser-window.ts';
import { findRole, findSubmenu } from './menu-roles.ts';

type Options = Electron.MenuItemConstructorOptions;
type ItemType = NonNullable<Options['type']>;

/** What `click` is called with beside the item. */
type Click = (item: MenuItem, window: BrowserWindow | undefined, event: { triggeredByAccelerator?: boolean }) => void;

interface PopupOptions {
  readonly window?: BrowserWindow;
  readonly x?: number;
  readonly y?: number;
  readonly callback?: () => void;
}

interface OpenPopup {
  readonly menu: Menu;
  readonly window: BrowserWindow;
  readonly callback: (() => void) | undefined;
}

const itemDefaults = { id: '', label: '', sublabel: '', toolTip: '', enabled: true, visible: true, checked: false };
let lastCommandId = 0;

export class MenuItem implements Pick<
  Electron.MenuItem,
  'id' | 'label' | 'type' | 'enabled' | 'visible' | 'checked' | 'commandId'
> {
  readonly commandId = ++lastCommandId;
  readonly id: string;
  readonly type: ItemType;
  readonly role: Electron.MenuItem['role'] | undefined;
  readonly accelerator: string | undefined;
  /** False: shown, and left to the page. */
  readonly registerAccelerator: boolean;
  readonly submenu: Menu | undefined;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: Menu | null = null;
  readonly click: (event?: { triggeredByAccelerator?: boolean }, window?: BrowserWindow | null) => void;

  constructor(options: Options) {
    const role = findRole(options.role);
    const preset = findSubmenu(options.role);
    const submenu = options.submenu ?? preset?.template;
    this.role = options.role as Electron.MenuItem['role'];
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as unknown as Menu | undefined);
    const type: ItemType = this.submenu === undefined ? 'normal' : 'submenu';
    const full = { ...itemDefaults, type, ...preset, ...role, ...withoutUndefined(options) };
    if (full.type === 'palette' || full.type === 'header') {
      throw new Error(`MenuItem type '${full.type}' is not implemented by the stand-in`);
    }
    this.type = full.type;
    this.id = full.id;
    this.label = full.label;
    this.accelerator = full.accelerator;
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.sublabel = full.sublabel;
    this.toolTip = full.toolTip;
    this.enabled = full.enabled;
    this.visible = full.visible;
    this.checked = full.checked;
    const click = options.click as unknown as Click | undefined;
    this.click = (event = {}, window = getFocusedWindow()) => {
      this.#check();
      if (role !== undefined) role.run(window);
      else click?.(this, window ?? undefined, event);
    };
  }

  #check(): void {
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type !== 'radio') return;
    for (const item of this.menu?.items ?? []) if (item.type === 'radio') item.checked = item === this;
  }
}
Object.setPrototypeOf(MenuItem.prototype, refusing('MenuItem', Object.prototype));

function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

const popups = new Map<number, OpenPopup>();
let lastPopupId = 0;
let applicationMenu: Menu | null = null;

export class Menu
  extends hostEmitter('Menu', ['menu-will-show', 'menu-will-close'])
  implements Pick<Electron.Menu, 'closePopup'>
{
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (Options | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template) menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
    for (const window of windows.values()) window.webContents.tell('accelerators', acceleratorsOf(window));
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: MenuItem): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of allItems(this)) if (item.id === id) return item;
    return null;
  }

  popup({ window = getFocusedWindow() ?? undefined, x = 0, y = 0, callback }: PopupOptions = {}): void {
    if (window === undefined) throw new Error('Cannot open Menu without a BrowserWindow present');
    this.emit('menu-will-show', {});
    popups.set(++lastPopupId, { menu: this, window, callback });
    window.webContents.tell('openMenu', lastPopupId, drawn(this), x, y);
  }

  closePopup(): void {
    for (const [id, { menu, window }] of popups) {
      if (menu !== this) continue;
      window.webContents.tell('closeMenu');
      menuClosed(id, null);
    }
  }
}

function* allItems(menu: Menu | null): Generator<MenuItem> {
  for (const item of menu?.items ?? []) {
    yield item;
    if (item.submenu !== undefined) yield* allItems(item.submenu);
  }
}

function drawn(menu: Menu): DrawnItem[] {
  return menu.items
    .filter((item) => item.visible)
    .map((item) => ({
      commandId: item.commandId,
      type: item.type,
      // `&` marks the letter to press.
      label: item.label.replace(/&(?!&)/g, ''),
      enabled: item.enabled,
      checked: item.checked,
      accelerator: item.accelerator?.replace(/CommandOrControl|CmdOrCtrl|Control/gi, 'Ctrl') ?? '',
      submenu: item.submenu === undefined ? null : drawn(item.submenu),
    }));
}

/** Of the stand-in: a popup was closed, by choosing an item or not. */
export function menuClosed(popupId: number, commandId: number | null): void {
  const popup = popups.get(popupId);
  if (popup === undefined) return;
  popups.delete(popupId);
  popup.menu.emit('menu-will-close', {});
  popup.callback?.();
  for (const item of allItems(popup.menu)) {
    if (item.commandId === commandId) item.click({ triggeredByAccelerator: false }, popup.window);
  }
}

function menuOf(window: BrowserWindow): Menu | null {
  return window.ownMenu === undefined ? applicationMenu : window.ownMenu;
}

/** Of the stand-in: the keys that a window watches for. */
export function acceleratorsOf(window: BrowserWindow): Accelerator[] {
  return [...allItems(menuOf(window))].flatMap(({ accelerator, registerAccelerator, role, commandId }) => {
    // Copying and pasting by keyboard is done by the page itself.
    if (accelerator === undefined || !registerAccelerator || findRole(role)?.isEditing === true) return [];
    return [{ ...parseAccelerator(accelerator), commandId }];
  });
}

/** Of the stand-in: such a key was pressed. */
export function pressAccelerator(commandId: number, window: BrowserWindow): void {
  for (const item of allItems(menuOf(window))) {
    if (item.commandId === commandId && item.enabled) item.click({ triggeredByAccelerator: true }, window);
  }
}
