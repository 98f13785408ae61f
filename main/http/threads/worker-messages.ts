import { type Failure, WaybillError } from '../../failure.ts';
import type { FileSlice } from '../message.ts';
import type { WriteTarget } from '../store-body.ts';
import type { RawOrigin } from './raw-connection.ts';
import type { ReplyHead } from './reply-parser.ts';

/** Commands to a worker. `id` identifies the request. */
export type WorkerCommand =
  /** Send this request and report the head of the response. */
  | {
      readonly type: 'send';
      readonly id: number;
      readonly origin: RawOrigin;
      /** Request line and headers, signed. */
      readonly head: string;
      readonly slice: FileSlice | null;
      /** Longest wait for the whole head of the response, in milliseconds. */
      readonly answerTimeoutMs?: number | undefined;
    }
  /** Write the response body into an open file, starting at `position`. */
  | ({ readonly type: 'store'; readonly id: number } & WriteTarget)
  /** Abort the request. */
  | { readonly type: 'drop'; readonly id: number };

/** Events from a worker. `count`: bytes read or written since the previous event. */
export type WorkerEvent = EventBody & { readonly id: number; readonly count: number };

type EventBody =
  /**
   * The head of a response. `crc64` is that of the slice sent, null if it wasn't sent to its end. `text` is the body
   * unless it is object data; null: the body waits for `store` or `drop`.
   */
  | ({
      readonly type: 'head';
      readonly crc64: string | null;
      readonly text: Uint8Array<ArrayBuffer> | null;
    } & Pick<ReplyHead, 'status' | 'headers'>)
  /** Periodic progress. */
  | { readonly type: 'bytes' }
  /** The body has been written. `crc64` covers the bytes written, including when an error cut them short. */
  | { readonly type: 'stored'; readonly crc64: string; readonly error: PlainError | null }
  | { readonly type: 'failed'; readonly error: PlainError };

/** An error that can be cloned between threads; by itself, only its name and message would survive. */
export interface PlainError {
  readonly message: string;
  readonly failure?: Failure;
  readonly code?: string;
  readonly syscall?: string;
}

/** Converts an error into data that survives cloning. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof WaybillError) return { message: error.message, failure: error.failure };
  if (!(error instanceof Error)) return { message: 'not an error' };
  const { code, syscall } = error as NodeJS.ErrnoException;
  return {
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined ? {} : { syscall }),
  };
}

/** Restores an error sent by toPlainError(). */
export function fromPlainError({ message, failure, ...system }: PlainError): Error {
  return failure === undefined ? Object.assign(new Error(message), system) : new WaybillError(failure);
}
