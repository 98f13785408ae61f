/** What the client with the queue is to do: one JSON argument. */
export interface QueueOrders {
  readonly endpoint: string;
  readonly journalFile: string;
  /** Null to go on with what the journal holds. */
  readonly folder: string | null;
  /** After how many files to tell that it is time to be killed. */
  readonly tellAt: number;
}

/** What it prints, a line of JSON each. */
export type QueueNews =
  /** How long opening the queue took, and from then until bytes moved, in milliseconds. */
  | { readonly at: 'moving'; readonly openedMs: number; readonly firstByteMs: number }
  | { readonly at: 'reached'; readonly peakMib: number; readonly journalMib: number }
  | { readonly at: 'done'; readonly peakMib: number; readonly seconds: number };
