/** Marks a drag from one of the app's lists, which carries the addresses as text. */
export const dragType = 'application/x-waybill-objects';

/** Whether a drag has files. One from the app's own list doesn't count: it is a file only to other programs. */
export function bringsFiles(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes('Files') && !types.includes(dragType);
}

/** Whether a drag has text and nothing else that Waybill takes. */
export function bringsText(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes('text/plain') && !types.includes('Files') && !types.includes(dragType);
}

/** The paths of dropped files. Call it inside the event handler. */
export function droppedPaths(event: DragEvent): readonly string[] {
  return pathsOf([...(event.dataTransfer?.files ?? [])]);
}

/** The paths of dropped or pasted files that have one. Call it inside the event handler. */
export function pathsOf(files: readonly File[]): readonly string[] {
  return files.length === 0 ? [] : window.waybill.pathsOf(files).filter((path) => path !== '');
}

/** Handlers of an element that takes one dropped file: the first of several. */
export function fileTarget(ondropped: (path: string) => void) {
  return {
    ondragover(event: DragEvent): void {
      if (bringsFiles(event)) event.preventDefault();
    },
    ondrop(event: DragEvent): void {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      const [path] = droppedPaths(event);
      if (path !== undefined) ondropped(path);
    },
  };
}

/** The last segment of a path of this computer. */
export function fileNameOf(path: string): string {
  return /[^/\\]*$/.exec(path)?.[0] ?? path;
}

/**
 * True when a drag leaves the element, and not only for one inside it. Entering and leaving can't be counted: a list may
 * take away the row that the drag is over, which then reports no leaving.
 */
export function leavesElement({ currentTarget, relatedTarget }: DragEvent): boolean {
  return !(currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget));
}
