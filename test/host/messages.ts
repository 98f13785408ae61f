// What the host and the preload's world of a page say to each other. Values of the app travel as text of codec.ts.

/** A key combination, as a keydown event shows it. */
export interface Keystroke {
  readonly key: string;
  readonly control: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

/** A menu item's accelerator; `commandId` names the item. */
export interface Accelerator extends Keystroke {
  readonly commandId: number;
}

/** A menu item as the overlay draws it. */
export interface DrawnItem {
  readonly commandId: number;
  readonly type: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly accelerator: string;
  readonly submenu: readonly DrawnItem[] | null;
}

/** What was under the pointer when the context menu was asked for. Positions are CSS pixels in the page. */
export interface ContextMenuFacts {
  readonly x: number;
  readonly y: number;
  readonly linkURL: string;
  readonly linkText: string;
  readonly selectionText: string;
  readonly isEditable: boolean;
  readonly menuSourceType: 'mouse' | 'keyboard';
}

/** Page to host. */
export type FromPage =
  | readonly ['ready']
  | readonly ['preloadError', file: string, stack: string]
  | readonly ['invoke', callId: number, channel: string, args: string]
  | readonly ['send', channel: string, args: string]
  | readonly ['accelerator', commandId: number]
  | readonly ['contextMenu', facts: ContextMenuFacts]
  | readonly ['menuClosed', menuId: number, commandId: number | null]
  | readonly ['toastClicked', toastId: number]
  | readonly ['focus', focused: boolean]
  | readonly ['boundsMayHaveChanged'];

/** Host to page. */
export type ToPage =
  | readonly ['reply', callId: number, ok: boolean, value: string]
  | readonly ['event', channel: string, args: string]
  | readonly ['accelerators', accelerators: readonly Accelerator[]]
  | readonly ['openMenu', menuId: number, items: readonly DrawnItem[], x: number, y: number]
  | readonly ['closeMenu']
  | readonly ['toast', toastId: number, title: string, body: string]
  | readonly ['guardClose', guarded: boolean];

/** What the host writes into the preload's script before the page runs it. */
export interface PreloadConfig {
  /** Names the events between the two worlds; a page can't guess it. */
  readonly nonce: string;
  readonly file: string;
  readonly folder: string;
  readonly platform: string;
  readonly arch: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
}
