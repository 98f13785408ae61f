import { bringsFiles, droppedPaths } from '../../lib/dropped-files.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { App } from '../../model/app.ts';

/**
 * Makes an element a drop target for the folder it represents: objects of a list are copied or moved there, files from
 * outside are uploaded.
 */
export function dropTarget(
  { actions, dragging }: Pick<App, 'actions' | 'dragging'>,
  to: () => FolderRef | null,
): (element: HTMLElement) => () => void {
  return (element) => {
    const over = (event: DragEvent): void => {
      const folder = to();
      if (bringsFiles(event) && folder !== null) dragging.overWithFiles(event, element);
      else dragging.over(event, folder, element);
    };
    const leave = (): void => dragging.leave();
    const drop = (event: DragEvent): void => {
      const folder = to();
      if (!bringsFiles(event) || folder === null) {
        void dragging.drop(event, folder);
        return;
      }
      event.preventDefault();
      dragging.leave();
      void actions.upload(droppedPaths(event), folder);
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
