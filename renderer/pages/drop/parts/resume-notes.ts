/** That a file was begun in parts. It holds no permission: the page that has it must be opened again, and the file chosen. */
export interface ResumeNote {
  readonly uploadId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
}

/** What an earlier visit began. */
export interface ResumeNotes {
  read(uploadId: string): Promise<ResumeNote | null>;
  write(note: ResumeNote): Promise<void>;
  remove(uploadId: string): Promise<void>;
}

const store = 'begun';

/** Notes in IndexedDB; where a browser has none for this page, such as in a private window, there are none. */
export function openNotes(): ResumeNotes {
  let database: Promise<IDBDatabase> | null = null;
  const use = async <T>(
    mode: IDBTransactionMode,
    work: (begun: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> => {
    try {
      database ??= open();
      return await answerOf(work((await database).transaction(store, mode).objectStore(store)));
    } catch {
      return null;
    }
  };
  return {
    read: async (uploadId) => (await use('readonly', (begun) => begun.get(uploadId) as IDBRequest<ResumeNote>)) ?? null,
    write: async (note) => void (await use('readwrite', (begun) => begun.put(note))),
    remove: async (uploadId) => void (await use('readwrite', (begun) => begun.delete(uploadId))),
  };
}

/** Whether a note is of this file. */
export function isNoteOf(note: ResumeNote | null, file: Pick<File, 'name' | 'size' | 'lastModified'>): boolean {
  return (
    note !== null && note.name === file.name && note.sizeBytes === file.size && note.lastModified === file.lastModified
  );
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('waybill-drop-page', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store, { keyPath: 'uploadId' }));
  return answerOf(request);
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no answer')));
  });
}
