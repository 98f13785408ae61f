import type { Sink } from './fetch-file.ts';
import { numbered, safeFolders, safeName } from './safe-name.ts';

declare global {
  interface Window {
    /** Chromium's; the types of the DOM don't have it. */
    showDirectoryPicker?(options: {
      readonly id: string;
      readonly mode: 'readwrite';
    }): Promise<FileSystemDirectoryHandle>;
  }
}

/** A file that is being written: it appears under its name, whole, when it is closed. */
interface WrittenFile extends Sink {
  close(): Promise<void>;
  discard(): Promise<void>;
}

/** Where downloads are written. */
export interface TargetFolder {
  readonly name: string;
  /** Creates a file below the folder; never one that is there already. Throws where the name or the disk refuses. */
  create(folder: string, name: string): Promise<WrittenFile>;
}

/** Whether this browser lets a page write into a folder. */
export function canPickFolder(): boolean {
  return 'showDirectoryPicker' in window;
}

/** Asks for a folder; null if the person cancels. */
export async function pickFolder(): Promise<TargetFolder | null> {
  try {
    const folder = await window.showDirectoryPicker?.({ id: 'waybill-share', mode: 'readwrite' });
    return folder === undefined ? null : targetFolder(folder);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** A folder that was chosen. Files of one run never meet, not even where case doesn't count. */
function targetFolder(root: FileSystemDirectoryHandle): TargetFolder {
  const taken = new Set<string>();
  return {
    name: root.name,
    async create(folder, name) {
      const folders = safeFolders(folder);
      let parent = root;
      for (const part of folders) parent = await parent.getDirectoryHandle(part, { create: true });
      for (let number = 1; ; number += 1) {
        const wanted = numbered(safeName(name), number);
        const path = [...folders, wanted].join('/').toLowerCase();
        if (taken.has(path)) continue;
        taken.add(path);
        if (!(await exists(parent, wanted))) return writtenFile(parent, wanted, () => taken.delete(path));
      }
    },
  };
}

async function exists(parent: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await parent.getFileHandle(name);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return false;
    // A folder of that name.
    if (error instanceof DOMException && error.name === 'TypeMismatchError') return true;
    throw error;
  }
}

async function writtenFile(
  parent: FileSystemDirectoryHandle,
  name: string,
  onDiscarded: () => void,
): Promise<WrittenFile> {
  const handle = await parent.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  return {
    write: (bytes) => stream.write(bytes),
    async restart() {
      await stream.truncate(0);
      await stream.seek(0);
    },
    close: () => stream.close(),
    async discard() {
      await stream.abort().catch(() => undefined);
      // The name was taken by an empty file.
      await parent.removeEntry(name).catch(() => undefined);
      onDiscarded();
    },
  };
}
