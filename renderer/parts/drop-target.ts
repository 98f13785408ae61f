import { bringsFiles, droppedPaths } from '../lib/dropped-files.ts';
import type { FolderRef } from '../lib/subjects.ts';
import type { App } from '../model/app.ts';

/**
 * Makes an element a drop target for the folder it represents: objects of a list are copied or moved there, files from
 * outside are uploaded. `marked` is the part that represents the folder, where there are several.
 */
export function dropTarget(
  { dragging, incoming }: Pick<App, 'dragging' | 'incoming'>,
  to: (event: DragEvent) => FolderRef | null,
  marked: (event: DragEvent, element: HTMLElement) => Element | null = (_, element) => element,
): (element: HTMLElement) => () => void {
  return (element) => {
    const over = (event: DragEvent): void => {
      const folder = to(event);
      const target = marked(event, element);
      if (bringsFiles(event) && folder !== null && target !== null) dragging.overWithFiles(event, target);
      else dragging.over(event, folder, target);
    };
    const leave = (): void => dragging.leave();
    const drop = (event: DragEvent): void => {
      const folder = to(event);
      if (!bringsFiles(event) || folder === null) {
        void dragging.drop(event, folder);
        return;
      }
      event.preventDefault();
      dragging.leave();
      void incoming.intoFolder(droppedPaths(event), folder);
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    element.addEventListener('drop', drop);
    return () => {
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    };
  };
}
