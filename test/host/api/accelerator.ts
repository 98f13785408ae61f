import type { Keystroke } from '../messages.ts';

/** Electron's names of keys, where a keydown event's differ. */
const keys: Readonly<Record<string, string>> = {
  plus: '+',
  space: ' ',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Delete',
  insert: 'Insert',
  return: 'Enter',
  enter: 'Enter',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  escape: 'Escape',
  esc: 'Escape',
};

type Modifier = Exclude<keyof Keystroke, 'key'>;

const modifiers: Readonly<Record<string, Modifier>> = {
  commandorcontrol: 'control',
  cmdorctrl: 'control',
  control: 'control',
  ctrl: 'control',
  command: 'meta',
  cmd: 'meta',
  super: 'meta',
  meta: 'meta',
  alt: 'alt',
  option: 'alt',
  altgr: 'alt',
  shift: 'shift',
};

/** Reads an accelerator such as `CommandOrControl+Shift+C`, for Linux. */
export function parseAccelerator(accelerator: string): Keystroke {
  const keystroke = { key: '', control: false, shift: false, alt: false, meta: false };
  for (const part of accelerator.toLowerCase().split('+')) {
    const modifier = modifiers[part];
    if (modifier !== undefined) keystroke[modifier] = true;
    else keystroke.key = keys[part] ?? (/^f\d+$/.test(part) ? part.toUpperCase() : part);
  }
  return keystroke;
}
