import { fetchFile, FetchError, type FetchTrouble, type Received } from './fetch-file.ts';
import type { SharedFile } from './share-data.ts';
import type { TargetFolder } from './target-folder.ts';

/** How a file stands. */
export type FileState =
  | { readonly at: 'waiting' | 'stopped' }
  | { readonly at: 'running'; readonly bytes: number }
  /** On this device, with the checksum that it had in the bucket. */
  | { readonly at: 'verified' }
  /** Whole, but the file in the bucket isn't the one that the page was created for. */
  | { readonly at: 'replaced' }
  /** Whole as far as one can say: there is no checksum, or it is of compressed bytes. */
  | { readonly at: 'unchecked' }
  /** Not written: other bytes than in the bucket. */
  | { readonly at: 'damaged' }
  /** A file on this device has its name and other bytes. */
  | { readonly at: 'differs' }
  | { readonly at: 'failed'; readonly trouble: FetchTrouble | { readonly kind: 'disk' | 'name' } };

/** How a run of downloads works. */
export interface CheckedRun {
  readonly target: TargetFolder;
  readonly urlOf: (file: SharedFile) => string | null;
  readonly onState: (file: SharedFile, state: FileState) => void;
  readonly onDate: (date: string | null) => void;
  readonly signal: AbortSignal;
}

/** A browser opens six connections to a server; the others are for thumbnails. */
const PARALLEL = 3;

/** Downloads files into a folder and compares each with its checksum, a few at a time. Ends early once stopped. */
export async function downloadChecked(files: readonly SharedFile[], run: CheckedRun): Promise<void> {
  for (const file of files) run.onState(file, { at: 'waiting' });
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      run.onState(file, run.signal.aborted ? { at: 'stopped' } : await downloadOne(file, run));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function downloadOne(file: SharedFile, run: CheckedRun): Promise<FileState> {
  const url = run.urlOf(file);
  if (url === null) return { at: 'failed', trouble: { kind: 'expired' } };
  const { signal, onDate } = run;
  try {
    const written = await run.target.create(file.folder, file.name);
    try {
      const onBytes = (bytes: number): void => run.onState(file, { at: 'running', bytes });
      onBytes(0);
      const received = await fetchFile(url, written, { signal, onDate, onBytes, wait });
      const state = verdictOf(file, received);
      if (state.at === 'damaged') await written.discard();
      else await written.close();
      return state;
    } catch (error) {
      await written.discard();
      throw error;
    }
  } catch (error) {
    if (error instanceof FetchError) return { at: 'failed', trouble: error.trouble };
    if (signal.aborted) return { at: 'stopped' };
    return { at: 'failed', trouble: { kind: error instanceof TypeError ? 'name' : 'disk' } };
  }
}

/** What the bytes that were received are worth. */
export function verdictOf(
  { sizeBytes, crc64 }: Pick<SharedFile, 'sizeBytes' | 'crc64'>,
  received: Received,
): Extract<FileState, { readonly at: 'verified' | 'replaced' | 'unchecked' | 'damaged' }> {
  const { servedCrc64, sentBytes, bytes } = received;
  const expected = servedCrc64 ?? crc64;
  // A file that is stored compressed is unpacked by the browser; the checksum is of what is stored.
  if (sentBytes !== null && sentBytes !== bytes && sentBytes === (sizeBytes ?? sentBytes)) return { at: 'unchecked' };
  if (expected === null) return { at: sizeBytes === null || sizeBytes === bytes ? 'unchecked' : 'damaged' };
  if (expected !== received.crc64) return { at: 'damaged' };
  return { at: crc64 !== null && crc64 !== received.crc64 ? 'replaced' : 'verified' };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
