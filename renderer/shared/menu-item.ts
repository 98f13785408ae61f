import type { Component } from 'svelte';

/** One entry of a menu: a command, or a line between groups of them. */
export type MenuItem =
  | {
      readonly label: string;
      readonly icon?: Component;
      readonly shortcut?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onselect: () => void;
    }
  | 'separator';
