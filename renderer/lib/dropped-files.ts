/** Marks a drag from one of the app's lists, which carries the addresses as text. */
export const dragType = 'application/x-waybill-objects';

/** Whether a drag has files. One from the app's own list doesn't count: it is a file only to other programs. */
export function bringsFiles(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes('Files') && !types.includes(dragType);
}

/** The paths of dropped files. Call it inside the event handler. */
export function droppedPaths(event: DragEvent): readonly string[] {
  return window.waybill.pathsOf([...(event.dataTransfer?.files ?? [])]).filter((path) => path !== '');
}

/**
 * True when a drag leaves the element, and not only for one inside it. Entering and leaving can't be counted: a list may
 * take away the row that the drag is over, which then reports no leaving.
 */
export function leavesElement({ currentTarget, relatedTarget }: DragEvent): boolean {
  return !(currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget));
}
