import type { Closing } from './classify.ts';

/** What is to be sent: a file, and where it lies below what was dropped, such as `photos/one.jpg`. */
export interface Chosen {
  readonly file: File;
  readonly path: string;
}

/** Why a file isn't sent. */
export type Problem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-small'; readonly limit: number }
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'type' }
  /** All places that the page has are taken. */
  | { readonly kind: 'no-place' }
  /** It was changed, moved or removed since it was chosen. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'refused'; readonly code: string; readonly ossRequestId: string | null }
  /** The connection, or the server, failed again and again. */
  | { readonly kind: 'interrupted' }
  /** What arrived isn't what was sent. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'closed'; readonly closing: Closing };

/** A file that the server has taken. */
export interface Stored {
  readonly key: string;
  /** `verified`: its CRC-64 was computed here and equals the one that the server reports. */
  readonly proof: 'verified' | 'accepted';
  /** As computed here; null where that wasn't possible. */
  readonly crc64: string | null;
  readonly ossRequestId: string | null;
  /** Unix milliseconds. */
  readonly at: number;
  /** False for a large file whose name couldn't be sent along. */
  readonly isNamed?: boolean;
}

/** Where one file stands. */
export type ItemState =
  | { readonly at: 'ready' }
  | { readonly at: 'waiting' }
  /** A file in parts: reads what an earlier visit sent, and compares. */
  | { readonly at: 'comparing' }
  | { readonly at: 'sending'; readonly sentBytes: number }
  /** All bytes have left; the server writes them, or the checksum is still computed. */
  | { readonly at: 'finishing' }
  | { readonly at: 'interrupted'; readonly sentBytes: number }
  | { readonly at: 'stored'; readonly stored: Stored }
  | { readonly at: 'failed'; readonly problem: Problem }
  /** Under this key lies the file, or another one, or nothing: only the owner of the bucket can tell. */
  | { readonly at: 'unconfirmed'; readonly key: string }
  /** `mayHaveArrived`: all of it had left. */
  | { readonly at: 'cancelled'; readonly mayHaveArrived: boolean };

/** A file of the list. */
export interface Item extends Chosen {
  readonly id: number;
  /** Begins the keys of everything that was chosen together. */
  readonly start: string;
  /** Under which it was tried; it stays, so that a file is stored once. */
  key: string | null;
  /** An attempt under that key may have stored it. */
  mayHaveArrived: boolean;
  state: ItemState;
  /** Aborts what runs for this file. */
  control: AbortController;
}

/** Whether something runs for the item. */
export function isBusy({ state }: Pick<Item, 'state'>): boolean {
  return !['ready', 'stored', 'failed', 'unconfirmed', 'cancelled'].includes(state.at);
}

/** Whether a file wasn't sent, and sending it again may end otherwise. */
export function canSendAgain({ state }: Pick<Item, 'state'>): boolean {
  if (state.at !== 'failed') return state.at === 'cancelled';
  return ['interrupted', 'damaged', 'refused'].includes(state.problem.kind);
}

/** Bytes of an item that have left. */
export function sentBytes({ state, file }: Pick<Item, 'state' | 'file'>): number {
  switch (state.at) {
    case 'sending':
    case 'interrupted':
      return state.sentBytes;
    case 'finishing':
    case 'stored':
      return file.size;
    case 'ready':
    case 'waiting':
    case 'comparing':
    case 'failed':
    case 'unconfirmed':
    case 'cancelled':
      return 0;
    default:
      return state satisfies never;
  }
}
