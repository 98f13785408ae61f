import { vi } from 'vitest';
import type { App } from '../../../renderer/model/app.ts';
import { handleKeys } from '../../../renderer/model/keys.ts';

/** An element that keys go to. Put it in the place of HTMLElement, which Node doesn't have. */
export class FakeElement {
  readonly #isField: boolean;

  constructor(isField: boolean) {
    this.#isField = isField;
  }

  closest(): FakeElement | null {
    return this.#isField ? this : null;
  }
}

export interface Pressed extends Partial<
  Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat'>
> {
  readonly key: string;
  readonly inField?: boolean;
}

/** Presses a key in the window, outside lists and dialogs. True when the key was taken. */
export function press(app: App, { inField = false, ...pressed }: Pressed): boolean {
  const preventDefault = vi.fn();
  const held = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const rest = {
    code: '',
    defaultPrevented: false,
    isComposing: false,
    repeat: false,
    target: new FakeElement(inField),
    preventDefault,
  };
  handleKeys({ ...rest, ...held, ...pressed } as unknown as KeyboardEvent, app);
  return preventDefault.mock.calls.length > 0;
}

/** The event of a chord that `chordKeys` wrote without Mac signs: `Ctrl+Shift+L`. */
export function eventOf(chord: string, isMac: boolean): Pressed {
  const keys = chord.split(/\+(?!$)/);
  const key = keys.at(-1) ?? '';
  const isHeld = (name: string) => keys.slice(0, -1).includes(name);
  return {
    key:
      {
        '←': 'ArrowLeft',
        '→': 'ArrowRight',
        '↑': 'ArrowUp',
        '↓': 'ArrowDown',
        Space: ' ',
        Esc: 'Escape',
        Del: 'Delete',
      }[key] ?? key,
    ctrlKey: isHeld(isMac ? 'Control' : 'Ctrl'),
    metaKey: isMac && isHeld('Ctrl'),
    altKey: isHeld('Alt'),
    shiftKey: isHeld('Shift'),
  };
}
