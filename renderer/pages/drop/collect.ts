import type { Chosen } from './items.ts';

/** What systems put into folders for themselves. */
const ownFiles = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** The files of an input; those of a folder with their place in it. */
export function fromInput(files: Iterable<File>): readonly Chosen[] {
  return withoutOwnFiles(
    [...files].map((file) => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath })),
  );
}

/** The folders of a drop, as Chromium gives them. */
type FolderHandle = FileSystemDirectoryHandle & {
  values(): AsyncIterable<FolderHandle | (FileSystemFileHandle & { readonly kind: 'file' })>;
};

/**
 * What was dropped or pasted, folders with all that is in them. What can't be read is left out, and counted. Entries are
 * how every browser gives folders, but Chromium refuses to read them in a page from the disk; handles it reads anywhere.
 */
export async function fromTransfer(
  transfer: DataTransfer,
): Promise<{ readonly chosen: readonly Chosen[]; readonly unread: number }> {
  const chosen: Chosen[] = [];
  const left: { readonly folder: FolderHandle | FileSystemEntry; readonly path: string }[] = [];
  let unread = 0;
  // All of it is gone after the event.
  const items = [...transfer.items].map((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return { file: item.getAsFile(), folder: entry?.isDirectory === true ? handleOf(item, entry) : null };
  });
  for (const { file, folder } of items) {
    if (folder !== null) left.push({ folder: await folder, path: (await folder).name });
    else if (file !== null) chosen.push({ file, path: file.name });
  }
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    try {
      for await (const child of childrenOf(next.folder)) {
        const path = `${next.path}/${child.name}`;
        if (isFolder(child)) left.push({ folder: child, path });
        else chosen.push({ file: await fileOf(child), path });
      }
    } catch {
      unread += 1;
    }
  }
  return { chosen: withoutOwnFiles(chosen), unread };
}

function withoutOwnFiles(chosen: readonly Chosen[]): readonly Chosen[] {
  return chosen.filter(({ file }) => !ownFiles.has(file.name));
}

/** A folder as a handle where there are any, else as the entry. */
async function handleOf(item: DataTransferItem, entry: FileSystemEntry): Promise<FolderHandle | FileSystemEntry> {
  if (!('getAsFileSystemHandle' in item)) return entry;
  return (item.getAsFileSystemHandle as () => Promise<FolderHandle | null>)().then(
    (handle) => handle ?? entry,
    () => entry,
  );
}

type Child = FolderHandle | FileSystemFileHandle | FileSystemEntry;

function isFolder(child: Child): child is FolderHandle | FileSystemDirectoryEntry {
  return 'kind' in child ? child.kind === 'directory' : child.isDirectory;
}

function fileOf(child: FileSystemFileHandle | FileSystemEntry): Promise<File> {
  if ('getFile' in child) return child.getFile();
  return new Promise((resolve, reject) => (child as FileSystemFileEntry).file(resolve, reject));
}

/** What is in a folder. A reader of entries gives a hundred or so at a time, and at last none. */
async function* childrenOf(folder: FolderHandle | FileSystemEntry): AsyncIterable<Child> {
  if ('values' in folder) return yield* folder.values();
  const reader = (folder as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    yield* some;
  }
}
