import type { Chosen } from './items.ts';

/** What systems put into folders for themselves. */
const ownFiles = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** The files of an input; those of a folder with their place in it. */
export function fromInput(files: Iterable<File>): readonly Chosen[] {
  return withoutOwnFiles(
    [...files].map((file) => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath })),
  );
}

/** What was dropped or pasted, folders with all that is in them. What can't be read is left out, and counted. */
export async function fromTransfer(
  transfer: DataTransfer,
): Promise<{ readonly chosen: readonly Chosen[]; readonly unread: number }> {
  // Both are gone after the event.
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const files = [...transfer.files];
  if (entries.every((entry) => entry === null)) {
    return { chosen: withoutOwnFiles(files.map((file) => ({ file, path: file.name }))), unread: 0 };
  }
  const chosen: Chosen[] = [];
  let unread = 0;
  const left = entries.filter((entry) => entry !== null).reverse();
  for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
    try {
      if (entry.isFile) {
        const file = await fileOf(entry as FileSystemFileEntry);
        chosen.push({ file, path: entry.fullPath.replace(/^\//, '') });
      } else for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) left.push(child);
    } catch {
      unread += 1;
    }
  }
  return { chosen: withoutOwnFiles(chosen), unread };
}

function withoutOwnFiles(chosen: readonly Chosen[]): readonly Chosen[] {
  return chosen.filter(({ file }) => !ownFiles.has(file.name));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** All entries of a folder, the last first: a reader gives a hundred or so at a time, and at last none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children.reverse();
    children.push(...some);
  }
}
