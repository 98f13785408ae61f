import { type Failure, WaybillError } from '../../failure.ts';
import type { RawOrigin } from '../../http/raw-connection.ts';
import type { ReplyHead } from '../../http/reply-head.ts';

/** A piece of a file, as the body of a request. */
export interface FileSlice {
  /** Descriptors are the process's: every thread may use them. Null: whoever reads the piece opens the file for it. */
  readonly fd: number | null;
  readonly path: string;
  readonly start: number;
  readonly sizeBytes: number;
  /** What the whole file must be when it is opened, and still when its last bytes leave. */
  readonly file: { readonly sizeBytes: number; readonly modifiedAt: number };
}

/** Where in an open file bytes go. `path` is for messages. */
export interface WriteTarget {
  readonly fd: number;
  readonly path: string;
  readonly position: number;
}

/** What a thread that moves bytes is told. `id` is that of the request. */
export type WorkerCommand =
  /** Send this request, and tell the head of its answer. */
  | {
      readonly type: 'send';
      readonly id: number;
      readonly origin: RawOrigin;
      /** Request line and headers. */
      readonly head: string;
      readonly piece: FileSlice | null;
    }
  /** Write the body of the answer into an open file, from `position` on. */
  | ({ readonly type: 'store'; readonly id: number } & WriteTarget)
  /** Nobody wants it any more. */
  | { readonly type: 'drop'; readonly id: number };

/** What it answers. `count`: bytes that were read from the file, or written into it, since it last told. */
export type WorkerEvent = EventBody & { readonly id: number; readonly count: number };

type EventBody =
  /**
   * An answer came, to which `crc64` of the piece was sent. Its text was read where it is short and no object's bytes;
   * null: the body waits for `store` or `drop`, or is of a kind that the ordinary way must read.
   */
  | { readonly type: 'head'; readonly head: ReplyHead; readonly crc64: string; readonly text: string | null }
  /** Comes now and then while bytes are moved. */
  | { readonly type: 'bytes' }
  /** The body is in the file. `crc64` is that of all bytes that are, also where the rest failed. */
  | { readonly type: 'stored'; readonly crc64: string; readonly error: PlainError | null }
  | { readonly type: 'failed'; readonly error: PlainError };

/** An error as it travels between threads: only its name and text would arrive by themselves. */
export interface PlainError {
  readonly message: string;
  readonly failure?: Failure;
  readonly code?: string;
  readonly syscall?: string;
}

/** An error as data that arrives in another thread. */
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

/** The error that was sent. */
export function fromPlainError({ message, failure, ...system }: PlainError): Error {
  return failure === undefined ? Object.assign(new Error(message), system) : new WaybillError(failure);
}
