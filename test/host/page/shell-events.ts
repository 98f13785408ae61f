// What a desktop shell notices around a page: keys that are menu accelerators, the context menu, the window itself.
import type { Accelerator } from '../messages.ts';
import { post } from './host-link.ts';

/** @returns a function that sets which keys are accelerators */
export function watchAccelerators(): (accelerators: readonly Accelerator[]) => void {
  let current: readonly Accelerator[] = [];
  addEventListener('keydown', (event) => {
    if (!event.isTrusted || event.defaultPrevented) return;
    const hit = current.find((accelerator) => isPressed(accelerator, event));
    if (hit === undefined) return;
    event.preventDefault();
    post('accelerator', hit.commandId);
  });
  return (accelerators) => {
    current = accelerators;
  };
}

function isPressed(accelerator: Accelerator, event: KeyboardEvent): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (
    accelerator.key === key &&
    accelerator.control === event.ctrlKey &&
    accelerator.alt === event.altKey &&
    accelerator.meta === event.metaKey &&
    // `+` may need Shift on the keyboard at hand.
    (accelerator.shift === event.shiftKey || accelerator.key === '+')
  );
}

export function watchContextMenu(): void {
  addEventListener('contextmenu', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const [target] = event.composedPath();
    const link = target instanceof Element ? target.closest('a') : null;
    post('contextMenu', {
      x: Math.round(event.clientX),
      y: Math.round(event.clientY),
      linkURL: link?.href ?? '',
      linkText: link?.textContent ?? '',
      selectionText: getSelection()?.toString() ?? '',
      isEditable: isEditable(target),
      menuSourceType: event.button === 2 ? 'mouse' : 'keyboard',
    });
  });
}

function isEditable(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return !target.readOnly;
  return target instanceof HTMLElement && target.isContentEditable;
}

/** @returns a function that says whether closing the window must be asked for first */
export function watchWindow(): (guarded: boolean) => void {
  const ask = (event: Event): void => event.preventDefault();
  const moved = (): void => post('boundsMayHaveChanged');
  addEventListener('focus', () => post('focus', true));
  addEventListener('blur', () => post('focus', false));
  addEventListener('resize', moved);
  // Nothing tells a page that its window moved, but after a move the pointer comes back in.
  addEventListener('DOMContentLoaded', () => document.documentElement.addEventListener('pointerenter', moved));
  return (guarded) => {
    if (guarded) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  };
}
