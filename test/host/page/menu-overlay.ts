// A popup menu, drawn in the page: mouse, keyboard, submenus, check marks.
import type { DrawnItem } from '../messages.ts';
import { post } from './host-link.ts';
import { makeOverlay } from './overlay.ts';

const css = `
  :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; font: 13px system-ui, sans-serif }
  .menu { position: fixed; min-width: 180px; max-width: 420px; padding: 4px; border-radius: 8px; background: Canvas;
    color: CanvasText; border: 1px solid color-mix(in srgb, CanvasText 20%, transparent);
    box-shadow: 0 6px 24px #0004; color-scheme: light dark }
  .item { display: flex; gap: 24px; padding: 5px 10px 5px 24px; border-radius: 5px; cursor: default;
    position: relative; white-space: nowrap }
  .item:hover, .item:focus { background: Highlight; color: HighlightText; outline: none }
  .item[aria-disabled=true] { opacity: .45; pointer-events: none }
  .item[aria-checked=true]::before { content: "✓"; position: absolute; left: 8px }
  .hint { margin-left: auto; opacity: .6 }
  .separator { height: 1px; margin: 4px 8px; background: color-mix(in srgb, CanvasText 18%, transparent) }`;

interface OpenMenu {
  readonly menuId: number;
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** The menu and its open submenus, outermost first. */
  readonly levels: HTMLElement[];
}

let open: OpenMenu | null = null;

export function openMenu(menuId: number, items: readonly DrawnItem[], at: { x: number; y: number }): void {
  finish(null);
  const { element, root } = makeOverlay('electron-menu', css);
  open = { menuId, element, root, levels: [] };
  element.addEventListener('pointerdown', (event) => {
    if (event.composedPath()[0] === element) finish(null);
  });
  element.addEventListener('contextmenu', (event) => event.preventDefault());
  root.addEventListener('keydown', (event) => onKey(event as KeyboardEvent));
  drawLevel(open, items, at);
  focusable(open)[0]?.focus();
}

export function closeMenu(): void {
  open?.element.remove();
  open = null;
}

function finish(commandId: number | null): void {
  if (open === null) return;
  const { menuId } = open;
  closeMenu();
  post('menuClosed', menuId, commandId);
}

function drawLevel(menu: OpenMenu, items: readonly DrawnItem[], at: { x: number; y: number }): void {
  const level = menu.levels.length;
  const box = document.createElement('div');
  box.className = 'menu';
  box.setAttribute('role', 'menu');
  box.append(...items.map((item) => (item.type === 'separator' ? separator() : drawItem(menu, item, level))));
  menu.root.append(box);
  menu.levels.push(box);
  box.style.left = `${Math.max(4, Math.min(at.x, innerWidth - box.offsetWidth - 4))}px`;
  box.style.top = `${Math.max(4, Math.min(at.y, innerHeight - box.offsetHeight - 4))}px`;
}

function separator(): HTMLElement {
  const line = document.createElement('div');
  line.className = 'separator';
  line.setAttribute('role', 'separator');
  return line;
}

function drawItem(menu: OpenMenu, item: DrawnItem, level: number): HTMLElement {
  const row = document.createElement('div');
  row.className = 'item';
  row.tabIndex = -1;
  row.setAttribute('role', item.type === 'checkbox' || item.type === 'radio' ? `menuitem${item.type}` : 'menuitem');
  row.setAttribute('aria-disabled', String(!item.enabled));
  if (item.checked) row.setAttribute('aria-checked', 'true');
  const hint = document.createElement('span');
  hint.className = 'hint';
  hint.textContent = item.submenu === null ? item.accelerator : '▸';
  row.append(item.label, hint);
  const { submenu } = item;
  if (submenu === null) {
    row.addEventListener('click', () => finish(item.commandId));
    return row;
  }
  const unfold = (): void => {
    closeBelow(menu, level);
    const { right, top } = row.getBoundingClientRect();
    drawLevel(menu, submenu, { x: right - 4, y: top - 4 });
  };
  row.addEventListener('mouseenter', unfold);
  row.addEventListener('click', unfold);
  return row;
}

function closeBelow(menu: OpenMenu, level: number): void {
  for (const box of menu.levels.splice(level + 1)) box.remove();
}

function focusable(menu: OpenMenu): HTMLElement[] {
  return [...(menu.levels.at(-1)?.querySelectorAll<HTMLElement>('.item:not([aria-disabled=true])') ?? [])];
}

function onKey(event: KeyboardEvent): void {
  if (open === null) return;
  const menu = open;
  const items = focusable(menu);
  const focused = items.findIndex((item) => item === menu.root.activeElement);
  const enter = (): void => {
    const before = menu.levels.length;
    items[focused]?.click();
    if (menu.levels.length > before) focusable(menu)[0]?.focus();
  };
  const leave = (): void => {
    if (menu.levels.length > 1) closeBelow(menu, menu.levels.length - 2);
    focusable(menu)[0]?.focus();
  };
  const actions: Readonly<Record<string, () => void>> = {
    Escape: () => finish(null),
    ArrowDown: () => items[(focused + 1) % items.length]?.focus(),
    ArrowUp: () => items.at(Math.max(focused, 0) - 1)?.focus(),
    ArrowRight: enter,
    Enter: enter,
    ArrowLeft: leave,
  };
  const action = actions[event.key];
  if (action === undefined) return;
  action();
  event.preventDefault();
  event.stopPropagation();
}
