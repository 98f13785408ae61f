import { WaybillError } from '../../failure.ts';
import type { PlainError } from './byte-orders.ts';

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
