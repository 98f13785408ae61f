/** True for elements that accept typed text. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
}

/** Undoes, repeats or selects what was typed into the field that has the focus. Returns false if there is none. */
export function editText(command: 'undo' | 'redo' | 'selectAll'): boolean {
  if (!isField(document.activeElement)) return false;
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else reaches what a field can undo
  document.execCommand(command);
  return true;
}
