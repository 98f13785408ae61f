import { type Failure, WaybillError } from '../failure.ts';
import { own } from '../own.ts';

type FileReason = Extract<Failure, { kind: 'file' }>['reason'];

const reasons: Readonly<Record<string, FileReason>> = {
  ENOENT: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EBUSY: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  EISDIR: 'not-a-file',
  ENOTDIR: 'not-a-file',
  ENXIO: 'not-a-file',
  ENAMETOOLONG: 'bad-name',
  EILSEQ: 'bad-name',
  EINVAL: 'bad-name',
  ELOOP: 'bad-name',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
};

/** Converts an error of the file system into WaybillError `file`; returns any other error unchanged. */
export function fileError(error: unknown, path: string): unknown {
  if (error instanceof WaybillError) return error;
  const code = errorCode(error);
  if (code === null) return error;
  return new WaybillError({ kind: 'file', reason: own(reasons, code) ?? 'read-error', path }, { cause: error });
}

/** Awaits work on a file and converts its errors into WaybillError `file` with the path. */
export async function withFileErrors<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Returns the code of a system error (`ENOENT`), null for any other error. */
export function errorCode(error: unknown): string | null {
  // Only system errors have `syscall`; undici's errors have a code as well.
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
