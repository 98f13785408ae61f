// What a share page is about: the share manifest in its data block, which Waybill reads as well. main/links/pages writes it.

/** A file of the page. Its links are kept apart, in Links. */
export interface SharedFile {
  /** Its place in the manifest. */
  readonly index: number;
  readonly name: string;
  /** With `/` behind each folder; empty at the top. */
  readonly folder: string;
  readonly sizeBytes: number | null;
  /** Unix milliseconds. */
  readonly modifiedAt: number | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
}

/** What the page shows. Times are Unix milliseconds. */
export interface Share {
  /** The folder's name; null for a selection. */
  readonly title: string | null;
  readonly validUntil: number;
  /** The session that signed the links may end them earlier. */
  readonly endsEarlier: boolean;
  readonly files: readonly SharedFile[];
}

/** A URL in pieces: a number stands for the text at that place of `texts`. */
type Pieces = readonly (string | number)[];

interface Written {
  readonly title: string | null;
  readonly validUntil: string;
  readonly endsEarlier: boolean;
  readonly texts: readonly string[];
  readonly objects: readonly (Pick<SharedFile, 'sizeBytes' | 'modifiedAt' | 'crc64'> & {
    readonly path: string;
    readonly url: Pieces;
    readonly thumbnail: Pieces | null;
  })[];
}

/** The links of a page, until they are forgotten. */
export class Links {
  #written: Pick<Written, 'texts' | 'objects'> | null;

  constructor(written: Pick<Written, 'texts' | 'objects'>) {
    this.#written = written;
  }

  /** Null once forgotten. */
  download({ index }: SharedFile): string | null {
    return this.#join(this.#written?.objects[index]?.url);
  }

  /** Null for a file without a thumbnail, and once forgotten. */
  thumbnail({ index }: SharedFile): string | null {
    return this.#join(this.#written?.objects[index]?.thumbnail);
  }

  forget(): void {
    this.#written = null;
  }

  #join(pieces: Pieces | null | undefined): string | null {
    const { texts } = this.#written ?? { texts: [] };
    return pieces?.map((piece) => (typeof piece === 'number' ? (texts[piece] ?? '') : piece)).join('') ?? null;
  }
}

/** Reads the data of a page. Throws for what Waybill didn't write. */
export function readShare(json: string): { readonly share: Share; readonly links: Links } {
  const { title, validUntil, endsEarlier, texts, objects } = JSON.parse(json) as Written;
  const files = objects.map(({ path, sizeBytes, modifiedAt, crc64 }, index) => {
    const nameAt = path.replace(/\/+$/, '').lastIndexOf('/') + 1;
    return { index, name: path.slice(nameAt), folder: path.slice(0, nameAt), sizeBytes, modifiedAt, crc64 };
  });
  return {
    share: { title, validUntil: Date.parse(validUntil), endsEarlier, files },
    links: new Links({ texts, objects }),
  };
}
