import type { Component } from 'svelte';
import type { AccountColour } from '../../../main/contract/contract.ts';

/** An entry of a menu: a command, or a line between groups. */
export type MenuItem =
  | {
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
  | 'separator';
