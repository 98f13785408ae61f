/** Says that what is dragged comes out of a list of ours; the addresses go along as text. */
export const dragType = 'application/x-waybill-objects';

/** Whether something that is dragged has files in it. What comes out of our own list may seem to: it is a file elsewhere. */
export function bringsFiles(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes('Files') && !types.includes(dragType);
}

/** The paths of files that were dropped. To be asked in the event itself. */
export function droppedPaths(event: DragEvent): readonly string[] {
  return window.waybill.pathsOf([...(event.dataTransfer?.files ?? [])]).filter((path) => path !== '');
}
