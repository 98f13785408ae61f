import { makeCrc64 } from '../shared/crc64/crc64.ts';
import type { SharedFile } from './share-data.ts';

/** What a file on this device is: one of the page, another one under the name of one, or none of them. */
export type DiskVerdict =
  | { readonly kind: 'same'; readonly file: SharedFile }
  | { readonly kind: 'differs'; readonly file: SharedFile }
  | { readonly kind: 'unchecked'; readonly file: SharedFile }
  | { readonly kind: 'unknown' };

/** Finds the file of the page that a file on this device is, by its bytes; by its name where they are of none. */
export class DiskCheck {
  readonly #byContent = new Map<string, SharedFile>();
  readonly #byName = new Map<string, SharedFile>();

  constructor(files: readonly SharedFile[]) {
    for (const file of files) {
      if (file.crc64 !== null) this.#byContent.set(`${file.crc64} ${file.sizeBytes ?? ''}`, file);
      this.#byName.set(file.name, file);
    }
  }

  async check(local: File): Promise<DiskVerdict> {
    // Browsers number a second file of one name.
    const named = this.#byName.get(local.name) ?? this.#byName.get(local.name.replace(/ ?\(\d+\)(?=\.|$)/, ''));
    const crc64 = await crc64Of(local).catch(() => null);
    const same = crc64 === null ? undefined : this.#byContent.get(`${crc64} ${local.size}`);
    if (same !== undefined) return { kind: 'same', file: isSameContent(named, same) ? named : same };
    if (named === undefined) return { kind: 'unknown' };
    return { kind: crc64 === null || named.crc64 === null ? 'unchecked' : 'differs', file: named };
  }
}

/** Several files of the page may have the same bytes. */
function isSameContent(named: SharedFile | undefined, same: SharedFile): named is SharedFile {
  return named !== undefined && named.crc64 === same.crc64 && named.sizeBytes === same.sizeBytes;
}

/** The CRC-64 of a file on this device, read piece by piece. Pieces are small enough for a page that scrolls meanwhile. */
async function crc64Of(local: Blob): Promise<string> {
  const crc64 = makeCrc64();
  const reader = local.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return crc64.digest();
    crc64.add(value);
  }
}
