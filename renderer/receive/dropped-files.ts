/** Whether something that is dragged has files in it. */
export function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** The paths of files that were dropped. To be asked in the event itself. */
export function droppedPaths(event: DragEvent): readonly string[] {
  return window.waybill.pathsOf([...(event.dataTransfer?.files ?? [])]).filter((path) => path !== '');
}
