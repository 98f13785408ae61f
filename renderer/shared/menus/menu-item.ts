import type { Component } from 'svelte';
import type { AccountColour } from '../../../main/contract/contract.ts';

/** One entry of a menu: a command, or a line between groups of them. */
export type MenuItem =
  | {
      readonly label: string;
      readonly icon?: Component;
      /** In place of an icon: the dot of an account. */
      readonly dot?: AccountColour;
      readonly shortcut?: string;
      /** Ticked: the choice that counts now. */
      readonly checked?: boolean;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onselect: () => void;
    }
  | 'separator';
