import type { call } from '../../lib/bridge.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** What of a listed object tells its thumbnail from an earlier one's. */
interface Pictured {
  readonly key: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
}

interface Asked {
  readonly folder: FolderRef;
  readonly object: Pictured;
  readonly take: (ticket: string | null) => void;
}

/** Tiles that stay on the screen for this long (milliseconds) are asked for, all in one call. */
const pauseMs = 80;
/** The contract's own limit. */
const mostAtOnce = 200;

/** Asks main for tickets of thumbnails. What is scrolled past asks for nothing. */
export class Thumbnails {
  readonly #call: typeof call;
  readonly #asked = new Set<Asked>();
  #isWaiting = false;

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Hands over the ticket, or null, unless the returned function was called before. */
  ask(folder: FolderRef, object: Pictured, take: (ticket: string | null) => void): () => void {
    const asked: Asked = { folder, object, take: (ticket) => isWanted && take(ticket) };
    let isWanted = true;
    this.#asked.add(asked);
    if (!this.#isWaiting) setTimeout(() => void this.#send(), pauseMs);
    this.#isWaiting = true;
    return () => {
      isWanted = false;
      this.#asked.delete(asked);
    };
  }

  /** Asks for what is still on the screen. Of several folders, each has a call of its own. */
  async #send(): Promise<void> {
    this.#isWaiting = false;
    const all = [...this.#asked];
    this.#asked.clear();
    const calls = [...new Set(all.map(({ folder }) => folder))].flatMap((folder) => {
      const ofFolder = all.filter((asked) => asked.folder === folder);
      return Array.from({ length: Math.ceil(ofFolder.length / mostAtOnce) }, (_, at) =>
        this.#sendPart(folder, ofFolder.slice(at * mostAtOnce, (at + 1) * mostAtOnce)),
      );
    });
    await Promise.all(calls);
  }

  async #sendPart({ accountId, bucket }: FolderRef, asked: readonly Asked[]): Promise<void> {
    const objects = asked.map(({ object }) => object);
    const tickets = await this.#call('objects.thumbnails', { accountId, bucket, objects });
    for (const [at, { take }] of asked.entries()) take(tickets[at] ?? null);
  }
}
