import type { Component } from 'svelte';
import type { AccountColour } from '../../../main/contract/contract.ts';

/** A command of a menu. */
export interface MenuAction {
  readonly label: string;
  readonly icon?: Component;
  /** The dot of an account instead of an icon. */
  readonly dot?: AccountColour;
  /** A chord, shown as the platform writes it. */
  readonly shortcut?: string;
  /** Ticked: the current choice. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onselect: () => void;
}

/** A menu in a menu. Its commands have labels that are clear without it: the palette lists them alone. */
interface Submenu {
  readonly label: string;
  readonly icon?: Component;
  readonly items: readonly MenuItem[];
}

/** An entry of a menu: a command, further commands, or a line between groups. */
export type MenuItem = MenuAction | Submenu | 'separator';
